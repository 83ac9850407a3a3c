// Added to the unrolled version: everything before the nonce is done on the host. Rounds 0 … 2 of the second block do
// not see it, and round 3 only adds it; nor do words 16 and 17 of the schedule, and parts of words 18, 19, 31 and 32.
// What the host prepared comes as a uniform block, which GPUs read as operands, and the target is looked at only when
// the digest's last word has the zero bits that every winner has.
//
// Modules: word-1, sha256-functions, sha256-constants, sha256-blocks, byte-swap, hits, range-uniform, sha256d-job.

@compute @workgroup_size(GROUP)
fn main(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  let place = placeOf(lane, group, groups);
  let m = inner(byteSwap(place.nonce));
  let digest = compress(
    initial(),
    Words(m.a, m.b, m.c, m.d, m.e, m.f, m.g, m.h, 0x80000000u, 0, 0, 0, 0, 0, 0, 256u),
  );
  if (mayWin(digest.h)) { recordWinners(place, digest); }
}

// The digest of the header; w3 is the nonce, byte-swapped.
fn inner(w3: Word) -> State {
  let p = prepared;
  let w = Words(0, 0, 0, w3, 0x80000000u, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 640u);
  let s4 = State(p.a + w3, p.b, p.c, p.d, p.e + w3, p.f, p.g, p.h);
  let s8 = round(round(round(round(s4, K[4] + w.w4), K[5] + w.w5), K[6] + w.w6), K[7] + w.w7);
  let s16 = rounds8(
    s8,
    K[8] + w.w8, K[9] + w.w9, K[10] + w.w10, K[11] + w.w11,
    K[12] + w.w12, K[13] + w.w13, K[14] + w.w14, K[15] + w.w15,
  );
  let at16 = Halfway(s16, innerWords(w));
  let at17 = stepOfSums(at16, K[16] + p.w16, p.w32);
  let at18 = step(at17, K[17]);
  let at24 = step(step(step(step(step(step(at18, K[18]), K[19]), K[20]), K[21]), K[22]), K[23]);
  let s = rounds48to63(steps24to47(at24));
  return State(p.m0 + s.a, p.m1 + s.b, p.m2 + s.c, p.m3 + s.d, p.m4 + s.e, p.m5 + s.f, p.m6 + s.g, p.m7 + s.h);
}

// Words 16 … 31.
fn innerWords(w: Words) -> Words {
  let p = prepared;
  let w18 = p.w18 + sigma0(w.w3);
  let w19 = p.w19 + w.w3;
  let w20 = w.w4 + sigma0(w.w5) + w.w13 + sigma1(w18);
  let w21 = w.w5 + sigma0(w.w6) + w.w14 + sigma1(w19);
  let w22 = w.w6 + sigma0(w.w7) + w.w15 + sigma1(w20);
  let w23 = w.w7 + sigma0(w.w8) + p.w16 + sigma1(w21);
  let w24 = w.w8 + sigma0(w.w9) + p.w17 + sigma1(w22);
  let w25 = w.w9 + sigma0(w.w10) + w18 + sigma1(w23);
  let w26 = w.w10 + sigma0(w.w11) + w19 + sigma1(w24);
  let w27 = w.w11 + sigma0(w.w12) + w20 + sigma1(w25);
  let w28 = w.w12 + sigma0(w.w13) + w21 + sigma1(w26);
  let w29 = w.w13 + sigma0(w.w14) + w22 + sigma1(w27);
  let w30 = w.w14 + sigma0(w.w15) + w23 + sigma1(w28);
  let w31 = p.w31 + w24 + sigma1(w29);
  return Words(p.w16, p.w17, w18, w19, w20, w21, w22, w23, w24, w25, w26, w27, w28, w29, w30, w31);
}
