// Added to the second-round version: the digest's last word is the e of round 60, so nearly every nonce stops there,
// and of rounds 57 … 60 only e is computed. The few whose word may win go on from round 57.
//
// Modules: those of padding; word-1, word-2 or word-4 says how many nonces an invocation tries, and for four
// sha256d-looped takes the place of sha256d-straight.

@compute @workgroup_size(GROUP)
fn main(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  let place = placeOf(lane, group, groups);
  let m = inner(byteSwap(place.nonce));
  let s4 = round(round(round(outerFirst(m.a), K[1] + m.b), K[2] + m.c), K[3] + m.d);
  let s8 = round(round(round(round(s4, K[4] + m.e), K[5] + m.f), K[6] + m.g), K[7] + m.h);
  let at48 = outerMiddle(outerPadding(s8), outerWords(m));
  let w = at48.w;
  let s56 = rounds8(
    at48.s,
    K[48] + w.w0, K[49] + w.w1, K[50] + w.w2, K[51] + w.w3, K[52] + w.w4, K[53] + w.w5, K[54] + w.w6, K[55] + w.w7,
  );
  let s57 = round(s56, K[56] + w.w8);
  if (mayWin(lastWord(s57, w))) { recordWinners(place, outerDigest(finish(s57, w))); }
}

// The digest's last word: rounds 57 … 60 reduced to their e, and the chaining value added in the last constant.
fn lastWord(s: State, w: Words) -> Word {
  let e57 = s.d + (s.h + (K[57] + w.w9) + ch(s.e, s.f, s.g) + Sigma1(s.e));
  let e58 = s.c + (s.g + (K[58] + w.w10) + ch(e57, s.e, s.f) + Sigma1(e57));
  let e59 = s.b + (s.f + (K[59] + w.w11) + ch(e58, e57, s.e) + Sigma1(e58));
  return s.a + (s.e + (K[60] + INITIAL[7] + w.w12) + ch(e59, e58, e57) + Sigma1(e59));
}

// Rounds 57 … 63 in full.
fn finish(s57: State, w: Words) -> State {
  let s60 = round(round(round(s57, K[57] + w.w9), K[58] + w.w10), K[59] + w.w11);
  return round(round(round(round(s60, K[60] + w.w12), K[61] + w.w13), K[62] + w.w14), K[63] + w.w15);
}
