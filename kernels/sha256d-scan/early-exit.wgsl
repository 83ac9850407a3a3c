// Added to the second-round version: the digest's last word is the e of round 60, so nearly every nonce stops there,
// and of rounds 57 … 60 only e is computed. The few whose word may win go on from round 57.
//
// Modules: those of padding. For short-chain sha256-round-short takes the place of sha256-round; for two-nonces and
// four-nonces word-2 and word-4 that of word-1, and sha256d-looped that of sha256d-straight; for immediate
// range-immediate that of range-uniform.

@compute @workgroup_size(GROUP)
fn main(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  let place = placeOf(lane, group, groups);
  let m = inner(byteSwap(place.nonce));
  let at48 = outerStart(m);
  let w = at48.w;
  let s56 = rounds8(
    at48.s,
    K[48] + w.w0, K[49] + w.w1, K[50] + w.w2, K[51] + w.w3, K[52] + w.w4, K[53] + w.w5, K[54] + w.w6, K[55] + w.w7,
  );
  let s57 = round(s56, K[56] + w.w8);
  if (mayWin(lastWord(s57, w))) { recordWinners(place, outerDigest(outerRest(s57, w))); }
}

// The digest's last word: rounds 57 … 60 reduced to their e, and the chaining value added in the last constant.
fn lastWord(s: State, w: Words) -> Word {
  let e57 = s.d + (s.h + (K[57] + w.w9) + ch(s.e, s.f, s.g) + Sigma1(s.e));
  let e58 = s.c + (s.g + (K[58] + w.w10) + ch(e57, s.e, s.f) + Sigma1(e57));
  let e59 = s.b + (s.f + (K[59] + w.w11) + ch(e58, e57, s.e) + Sigma1(e58));
  return s.a + (s.e + (K[60] + INITIAL[7] + w.w12) + ch(e59, e58, e57) + Sigma1(e59));
}
