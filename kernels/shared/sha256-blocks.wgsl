// SHA-256 in blocks of sixteen rounds and sixteen words of the schedule (FIPS 180-4, section 6.2.2), by value: no
// array is indexed and nothing is overwritten, so every word is a register of its own to the compiler, which
// inlines all of it. `Word` is u32, or a vector: as many hashes side by side.
//
// Modules before it: sha256-functions, sha256-constants.

// The working variables a … h, or a chaining value H0 … H7.
struct State { a: Word, b: Word, c: Word, d: Word, e: Word, f: Word, g: Word, h: Word }

// Sixteen words of the message schedule.
struct Words {
  w0: Word, w1: Word, w2: Word, w3: Word, w4: Word, w5: Word, w6: Word, w7: Word,
  w8: Word, w9: Word, w10: Word, w11: Word, w12: Word, w13: Word, w14: Word, w15: Word,
}

fn initial() -> State {
  return State(
    Word(INITIAL[0]), Word(INITIAL[1]), Word(INITIAL[2]), Word(INITIAL[3]),
    Word(INITIAL[4]), Word(INITIAL[5]), Word(INITIAL[6]), Word(INITIAL[7]),
  );
}

// kw: the round's constant plus its word of the schedule.
fn round(s: State, kw: Word) -> State {
  let t = s.h + kw + ch(s.e, s.f, s.g) + Sigma1(s.e);
  return State(t + Sigma0(s.a) + maj(s.a, s.b, s.c), s.a, s.b, s.c, s.d + t, s.e, s.f, s.g);
}

fn rounds8(
  s: State, kw0: Word, kw1: Word, kw2: Word, kw3: Word, kw4: Word, kw5: Word, kw6: Word, kw7: Word,
) -> State {
  return round(round(round(round(round(round(round(round(s, kw0), kw1), kw2), kw3), kw4), kw5), kw6), kw7);
}

// Words t + 16 … t + 31 of the schedule from words t … t + 15.
fn nextWords(m: Words) -> Words { return nextWordsFrom(m.w0 + sigma0(m.w1), m); }

// Likewise; `first` is the sum of the first two terms of word t + 16.
fn nextWordsFrom(first: Word, m: Words) -> Words {
  let w0 = first + m.w9 + sigma1(m.w14);
  let w1 = m.w1 + sigma0(m.w2) + m.w10 + sigma1(m.w15);
  let w2 = m.w2 + sigma0(m.w3) + m.w11 + sigma1(w0);
  let w3 = m.w3 + sigma0(m.w4) + m.w12 + sigma1(w1);
  let w4 = m.w4 + sigma0(m.w5) + m.w13 + sigma1(w2);
  let w5 = m.w5 + sigma0(m.w6) + m.w14 + sigma1(w3);
  let w6 = m.w6 + sigma0(m.w7) + m.w15 + sigma1(w4);
  let w7 = m.w7 + sigma0(m.w8) + w0 + sigma1(w5);
  let w8 = m.w8 + sigma0(m.w9) + w1 + sigma1(w6);
  let w9 = m.w9 + sigma0(m.w10) + w2 + sigma1(w7);
  let w10 = m.w10 + sigma0(m.w11) + w3 + sigma1(w8);
  let w11 = m.w11 + sigma0(m.w12) + w4 + sigma1(w9);
  let w12 = m.w12 + sigma0(m.w13) + w5 + sigma1(w10);
  let w13 = m.w13 + sigma0(m.w14) + w6 + sigma1(w11);
  let w14 = m.w14 + sigma0(m.w15) + w7 + sigma1(w12);
  let w15 = m.w15 + sigma0(w0) + w8 + sigma1(w13);
  return Words(w0, w1, w2, w3, w4, w5, w6, w7, w8, w9, w10, w11, w12, w13, w14, w15);
}

fn rounds0(s: State, w: Words) -> State {
  let half = rounds8(
    s,
    K[0] + w.w0, K[1] + w.w1, K[2] + w.w2, K[3] + w.w3,
    K[4] + w.w4, K[5] + w.w5, K[6] + w.w6, K[7] + w.w7,
  );
  return rounds8(
    half,
    K[8] + w.w8, K[9] + w.w9, K[10] + w.w10, K[11] + w.w11,
    K[12] + w.w12, K[13] + w.w13, K[14] + w.w14, K[15] + w.w15,
  );
}

fn rounds16(s: State, w: Words) -> State {
  let half = rounds8(
    s,
    K[16] + w.w0, K[17] + w.w1, K[18] + w.w2, K[19] + w.w3,
    K[20] + w.w4, K[21] + w.w5, K[22] + w.w6, K[23] + w.w7,
  );
  return rounds8(
    half,
    K[24] + w.w8, K[25] + w.w9, K[26] + w.w10, K[27] + w.w11,
    K[28] + w.w12, K[29] + w.w13, K[30] + w.w14, K[31] + w.w15,
  );
}

fn rounds32(s: State, w: Words) -> State {
  let half = rounds8(
    s,
    K[32] + w.w0, K[33] + w.w1, K[34] + w.w2, K[35] + w.w3,
    K[36] + w.w4, K[37] + w.w5, K[38] + w.w6, K[39] + w.w7,
  );
  return rounds8(
    half,
    K[40] + w.w8, K[41] + w.w9, K[42] + w.w10, K[43] + w.w11,
    K[44] + w.w12, K[45] + w.w13, K[46] + w.w14, K[47] + w.w15,
  );
}

fn rounds48(s: State, w: Words) -> State {
  let half = rounds8(
    s,
    K[48] + w.w0, K[49] + w.w1, K[50] + w.w2, K[51] + w.w3,
    K[52] + w.w4, K[53] + w.w5, K[54] + w.w6, K[55] + w.w7,
  );
  return rounds8(
    half,
    K[56] + w.w8, K[57] + w.w9, K[58] + w.w10, K[59] + w.w11,
    K[60] + w.w12, K[61] + w.w13, K[62] + w.w14, K[63] + w.w15,
  );
}

// One block into the chaining value.
fn compress(h: State, w: Words) -> State {
  let w16 = nextWords(w);
  let w32 = nextWords(w16);
  let s = rounds48(rounds32(rounds16(rounds0(h, w), w16), w32), nextWords(w32));
  return State(h.a + s.a, h.b + s.b, h.c + s.c, h.d + s.d, h.e + s.e, h.f + s.f, h.g + s.g, h.h + s.h);
}
