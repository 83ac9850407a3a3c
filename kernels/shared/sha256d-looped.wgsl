// The long parts of a scan's two hashes in loops of eight rounds, for vectors of nonces: as a straight line the program
// for four would overflow instruction caches, and compilers. Round constants are then read from a table.
//
// Modules: sha256-functions, sha256-constants, sha256-blocks.

// Rounds 16 … 63 of the first hash.
fn innerMiddle(at16: Halfway) -> State {
  let at48 = stepsTo48(at16, 16u);
  var s = at48.s;
  var w = at48.w;
  // No words are left to make; those of the last eight rounds move to where the eight before found theirs.
  for (var t = 48u; t < 64u; t += 8u) {
    s = rounds8(
      s,
      K[t] + w.w0, K[t + 1u] + w.w1, K[t + 2u] + w.w2, K[t + 3u] + w.w3,
      K[t + 4u] + w.w4, K[t + 5u] + w.w5, K[t + 6u] + w.w6, K[t + 7u] + w.w7,
    );
    w.w0 = w.w8;
    w.w1 = w.w9;
    w.w2 = w.w10;
    w.w3 = w.w11;
    w.w4 = w.w12;
    w.w5 = w.w13;
    w.w6 = w.w14;
    w.w7 = w.w15;
  }
  return s;
}

// Rounds 0 … 47 of the second hash, of the first digest m. Inside a loop padding is not folded: some 3 % more work.
fn outerStart(m: State) -> Halfway {
  let words = Words(
    m.a, m.b, m.c, m.d, m.e, m.f, m.g, m.h,
    Word(0x80000000u), Word(), Word(), Word(), Word(), Word(), Word(), Word(256u),
  );
  return stepsTo48(Halfway(initial(), words), 0u);
}

// Rounds t … 47; t is a multiple of 8.
fn stepsTo48(start: Halfway, first: u32) -> Halfway {
  var at = start;
  for (var t = first; t < 48u; t += 8u) {
    at = steps8(at, K[t], K[t + 1u], K[t + 2u], K[t + 3u], K[t + 4u], K[t + 5u], K[t + 6u], K[t + 7u]);
  }
  return at;
}

// Rounds 57 … 63 of the second hash; w: words 48 … 63.
fn outerRest(s57: State, w: Words) -> State {
  var s = s57;
  var m = w;
  for (var t = 57u; t < 64u; t++) {
    s = round(s, K[t] + m.w9);
    m.w9 = m.w10;
    m.w10 = m.w11;
    m.w11 = m.w12;
    m.w12 = m.w13;
    m.w13 = m.w14;
    m.w14 = m.w15;
  }
  return s;
}
