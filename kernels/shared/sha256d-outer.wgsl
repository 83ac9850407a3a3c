// The second hash of a scan: one block that holds the first digest m (words 0 … 7) and padding (words 8 … 15: a 1
// bit, zeros, the length 256), which is folded into literals.
//
// Modules before it: sha256-functions, sha256-constants, sha256-blocks.

// Rounds 8 … 15.
fn outerPadding(s8: State) -> State {
  return rounds8(
    s8,
    Word(K[8] + 0x80000000u), Word(K[9]), Word(K[10]), Word(K[11]),
    Word(K[12]), Word(K[13]), Word(K[14]), Word(K[15] + 256u),
  );
}

// Words 16 … 31.
fn outerWords(m: State) -> Words {
  let w16 = m.a + sigma0(m.b);
  let w17 = m.b + sigma0(m.c) + 0x00a00000u; // σ1(256)
  let w18 = m.c + sigma0(m.d) + sigma1(w16);
  let w19 = m.d + sigma0(m.e) + sigma1(w17);
  let w20 = m.e + sigma0(m.f) + sigma1(w18);
  let w21 = m.f + sigma0(m.g) + sigma1(w19);
  let w22 = m.g + sigma0(m.h) + 256u + sigma1(w20);
  let w23 = m.h + 0x11002000u + w16 + sigma1(w21); // σ0 of the 1 bit
  let w24 = 0x80000000u + w17 + sigma1(w22);
  let w25 = w18 + sigma1(w23);
  let w26 = w19 + sigma1(w24);
  let w27 = w20 + sigma1(w25);
  let w28 = w21 + sigma1(w26);
  let w29 = w22 + sigma1(w27);
  let w30 = 0x00400022u + w23 + sigma1(w28); // σ0(256)
  let w31 = 256u + sigma0(w16) + w24 + sigma1(w29);
  return Words(w16, w17, w18, w19, w20, w21, w22, w23, w24, w25, w26, w27, w28, w29, w30, w31);
}

// Round 0: all but word 0 is constant, so that the new a and e are each a literal plus it.
fn outerFirst(w0: Word) -> State {
  return State(
    0xfc08884du + w0, Word(INITIAL[0]), Word(INITIAL[1]), Word(INITIAL[2]),
    0x98c7e2a2u + w0, Word(INITIAL[4]), Word(INITIAL[5]), Word(INITIAL[6]),
  );
}

// The digest from the working variables after round 63.
fn outerDigest(s: State) -> State {
  return State(
    INITIAL[0] + s.a, INITIAL[1] + s.b, INITIAL[2] + s.c, INITIAL[3] + s.d,
    INITIAL[4] + s.e, INITIAL[5] + s.f, INITIAL[6] + s.g, INITIAL[7] + s.h,
  );
}
