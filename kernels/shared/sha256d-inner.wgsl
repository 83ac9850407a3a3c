// The first hash of a scan: rounds 4 … 63 of the header's second block, with all that the host prepared, and with
// the padding (words 4 … 15: a 1 bit, zeros, the length 640) folded into literals.
//
// Modules: sha256-functions, sha256-constants, sha256-blocks, sha256d-job, sha256d-straight or sha256d-looped.

// The digest; w3 is the nonce, byte-swapped.
fn inner(w3: Word) -> State {
  let p = prepared;
  let s4 = State(p.a + w3, Word(p.b), Word(p.c), Word(p.d), p.e + w3, Word(p.f), Word(p.g), Word(p.h));
  let s7 = roundOfSums(roundOfSums(roundOfSums(s4, p.h4, p.d4), p.h5, p.d5), p.h6, p.d6);
  let s8 = round(s7, Word(K[7]));
  let s16 = rounds8(
    s8,
    Word(K[8]), Word(K[9]), Word(K[10]), Word(K[11]),
    Word(K[12]), Word(K[13]), Word(K[14]), Word(K[15] + 640u),
  );
  let s = innerMiddle(s16, innerWords(w3));
  return State(p.m0 + s.a, p.m1 + s.b, p.m2 + s.c, p.m3 + s.d, p.m4 + s.e, p.m5 + s.f, p.m6 + s.g, p.m7 + s.h);
}

// A round whose sums with h and d the host has made: see Prepared.
fn roundOfSums(s: State, h: u32, d: u32) -> State {
  let t = ch(s.e, s.f, s.g) + Sigma1(s.e);
  return State(t + h + Sigma0(s.a) + maj(s.a, s.b, s.c), s.a, s.b, s.c, t + d, s.e, s.f, s.g);
}

// Words 16 … 31.
fn innerWords(w3: Word) -> Words {
  let p = prepared;
  let w18 = p.w18 + sigma0(w3);
  let w19 = p.w19 + w3;
  let w20 = 0x80000000u + sigma1(w18);
  let w21 = sigma1(w19);
  let w22 = 640u + sigma1(w20);
  let w23 = p.w16 + sigma1(w21);
  let w24 = p.w17 + sigma1(w22);
  let w25 = w18 + sigma1(w23);
  let w26 = w19 + sigma1(w24);
  let w27 = w20 + sigma1(w25);
  let w28 = w21 + sigma1(w26);
  let w29 = w22 + sigma1(w27);
  let w30 = 0x00a00055u + w23 + sigma1(w28); // σ0(640)
  let w31 = p.w31 + w24 + sigma1(w29);
  return Words(
    Word(p.w16), Word(p.w17), w18, w19, w20, w21, w22, w23, w24, w25, w26, w27, w28, w29, w30, w31,
  );
}
