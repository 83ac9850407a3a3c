// SHA-256's compression (FIPS 180-4, section 6.2.2) as a straight line, by value: no array is indexed and nothing is
// overwritten, so every word is a register of its own to the compiler, which inlines all of it. `Word` is u32, or a
// vector: as many hashes side by side. The word of the schedule sixteen rounds on is made with each round: its
// operations fill the gaps in which the round waits for itself, which a processor finds only among neighbours.
//
// Modules: sha256-functions, sha256-constants, sha256-round or sha256-round-short.

// Sixteen words of the message schedule.
struct Words {
  w0: Word, w1: Word, w2: Word, w3: Word, w4: Word, w5: Word, w6: Word, w7: Word,
  w8: Word, w9: Word, w10: Word, w11: Word, w12: Word, w13: Word, w14: Word, w15: Word,
}

// Working variables before some round, and sixteen words of the schedule from that round's on.
struct Halfway { s: State, w: Words }

fn initial() -> State {
  return State(
    Word(INITIAL[0]), Word(INITIAL[1]), Word(INITIAL[2]), Word(INITIAL[3]),
    Word(INITIAL[4]), Word(INITIAL[5]), Word(INITIAL[6]), Word(INITIAL[7]),
  );
}

fn rounds8(
  s: State, kw0: Word, kw1: Word, kw2: Word, kw3: Word, kw4: Word, kw5: Word, kw6: Word, kw7: Word,
) -> State {
  return round(round(round(round(round(round(round(round(s, kw0), kw1), kw2), kw3), kw4), kw5), kw6), kw7);
}

// A round, and the word sixteen rounds on.
fn step(at: Halfway, k: u32) -> Halfway { return stepOfSums(at, k + at.w.w0, at.w.w0 + sigma0(at.w.w1)); }

// Likewise, where the host has made sums: kw as in `round`, and the first two terms of the word.
fn stepOfSums(at: Halfway, kw: Word, terms: Word) -> Halfway {
  let m = at.w;
  let next = terms + m.w9 + sigma1(m.w14);
  return Halfway(
    round(at.s, kw),
    Words(m.w1, m.w2, m.w3, m.w4, m.w5, m.w6, m.w7, m.w8, m.w9, m.w10, m.w11, m.w12, m.w13, m.w14, m.w15, next),
  );
}

fn steps8(
  at: Halfway, k0: u32, k1: u32, k2: u32, k3: u32, k4: u32, k5: u32, k6: u32, k7: u32,
) -> Halfway {
  return step(step(step(step(step(step(step(step(at, k0), k1), k2), k3), k4), k5), k6), k7);
}

// Rounds 24 … 47.
fn steps24to47(at24: Halfway) -> Halfway {
  let at32 = steps8(at24, K[24], K[25], K[26], K[27], K[28], K[29], K[30], K[31]);
  let at40 = steps8(at32, K[32], K[33], K[34], K[35], K[36], K[37], K[38], K[39]);
  let at48 = steps8(at40, K[40], K[41], K[42], K[43], K[44], K[45], K[46], K[47]);
  return at48;
}

// Rounds 48 … 63, whose words are all there.
fn rounds48to63(at48: Halfway) -> State {
  let w = at48.w;
  let s56 = rounds8(
    at48.s,
    K[48] + w.w0, K[49] + w.w1, K[50] + w.w2, K[51] + w.w3,
    K[52] + w.w4, K[53] + w.w5, K[54] + w.w6, K[55] + w.w7,
  );
  return rounds8(
    s56,
    K[56] + w.w8, K[57] + w.w9, K[58] + w.w10, K[59] + w.w11,
    K[60] + w.w12, K[61] + w.w13, K[62] + w.w14, K[63] + w.w15,
  );
}

// One block into the chaining value.
fn compress(h: State, w: Words) -> State {
  let at0 = Halfway(h, w);
  let at8 = steps8(at0, K[0], K[1], K[2], K[3], K[4], K[5], K[6], K[7]);
  let at16 = steps8(at8, K[8], K[9], K[10], K[11], K[12], K[13], K[14], K[15]);
  let at24 = steps8(at16, K[16], K[17], K[18], K[19], K[20], K[21], K[22], K[23]);
  let s = rounds48to63(steps24to47(at24));
  return State(h.a + s.a, h.b + s.b, h.c + s.c, h.d + s.d, h.e + s.e, h.f + s.f, h.g + s.g, h.h + s.h);
}
