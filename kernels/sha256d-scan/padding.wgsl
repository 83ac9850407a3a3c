// Added to the hoisted version: padding words are constants, so their sums with the rounds' constants are literals and
// their zero terms are gone from the schedule (sha256d-inner, sha256d-outer), and in rounds 4 … 6 the host adds up
// all that the nonce has not reached yet.
//
// Modules: those of hoisted, sha256d-inner, sha256d-straight, sha256d-outer.

@compute @workgroup_size(GROUP)
fn main(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  let place = placeOf(lane, group, groups);
  let m = inner(byteSwap(place.nonce));
  let s8 = rounds8(
    initial(),
    K[0] + m.a, K[1] + m.b, K[2] + m.c, K[3] + m.d, K[4] + m.e, K[5] + m.f, K[6] + m.g, K[7] + m.h,
  );
  let at48 = outerMiddle(outerPadding(s8), outerWords(m));
  let digest = outerDigest(rounds48(at48.s, at48.w));
  if (mayWin(digest.h)) { recordWinners(place, digest); }
}
