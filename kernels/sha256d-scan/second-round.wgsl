// Added to the padding version: the second hash begins at a known state, so its first round is two literals plus the
// first word.
//
// Modules: those of padding.

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
  let digest = outerDigest(rounds48(at48.s, at48.w));
  if (mayWin(digest.h)) { recordWinners(place, digest); }
}
