// The middle of a scan's two hashes in loops of eight rounds, for vectors of nonces: as a straight line the program
// for four would overflow instruction caches, and compilers. Round constants are then read from a table.
//
// Modules: sha256-functions, sha256-constants, sha256-blocks, sha256d-job.

// Rounds 16 … 63 of the first hash.
fn innerMiddle(s16: State, w16: Words) -> State {
  let at56 = eights(Halfway(s16, w16), 56u);
  let w = at56.w;
  return rounds8(
    at56.s,
    K[56] + w.w0, K[57] + w.w1, K[58] + w.w2, K[59] + w.w3,
    K[60] + w.w4, K[61] + w.w5, K[62] + w.w6, K[63] + w.w7,
  );
}

// Working variables after some round, and sixteen words of the schedule from the next one on.
struct Halfway { s: State, w: Words }

// Rounds 16 … 47 of the second hash.
fn outerMiddle(s16: State, w16: Words) -> Halfway { return eights(Halfway(s16, w16), 48u); }

// Rounds 16 … end − 1; end is a multiple of 8.
fn eights(at16: Halfway, end: u32) -> Halfway {
  var s = at16.s;
  var w = at16.w;
  for (var t = 16u; t < end; t += 8u) {
    s = rounds8(
      s,
      K[t] + w.w0, K[t + 1u] + w.w1, K[t + 2u] + w.w2, K[t + 3u] + w.w3,
      K[t + 4u] + w.w4, K[t + 5u] + w.w5, K[t + 6u] + w.w6, K[t + 7u] + w.w7,
    );
    w = nextEight(w);
  }
  return Halfway(s, w);
}

// Words t + 8 … t + 23 of the schedule from words t … t + 15.
fn nextEight(m: Words) -> Words {
  let w0 = m.w0 + sigma0(m.w1) + m.w9 + sigma1(m.w14);
  let w1 = m.w1 + sigma0(m.w2) + m.w10 + sigma1(m.w15);
  let w2 = m.w2 + sigma0(m.w3) + m.w11 + sigma1(w0);
  let w3 = m.w3 + sigma0(m.w4) + m.w12 + sigma1(w1);
  let w4 = m.w4 + sigma0(m.w5) + m.w13 + sigma1(w2);
  let w5 = m.w5 + sigma0(m.w6) + m.w14 + sigma1(w3);
  let w6 = m.w6 + sigma0(m.w7) + m.w15 + sigma1(w4);
  let w7 = m.w7 + sigma0(m.w8) + w0 + sigma1(w5);
  return Words(m.w8, m.w9, m.w10, m.w11, m.w12, m.w13, m.w14, m.w15, w0, w1, w2, w3, w4, w5, w6, w7);
}
