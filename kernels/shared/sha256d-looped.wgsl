// The middle of a scan's two hashes in loops of eight rounds, for vectors of nonces: as a straight line the program
// for four would overflow instruction caches, and compilers. Round constants are then read from a table.
//
// Modules: sha256-functions, sha256-constants, sha256-blocks.

// Rounds 16 … 63 of the first hash.
fn innerMiddle(at16: Halfway) -> State { return rounds48to63(steps16to47(at16)); }

// Rounds 16 … 47 of the second hash.
fn outerMiddle(at16: Halfway) -> Halfway { return steps16to47(at16); }

fn steps16to47(at16: Halfway) -> Halfway {
  var at = at16;
  for (var t = 16u; t < 48u; t += 8u) {
    at = steps8(at, K[t], K[t + 1u], K[t + 2u], K[t + 3u], K[t + 4u], K[t + 5u], K[t + 6u], K[t + 7u]);
  }
  return at;
}
