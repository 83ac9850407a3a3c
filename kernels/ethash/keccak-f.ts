/**
 * Keccak-f[1600] (FIPS 202, section 3; the Keccak reference, version 3.0, section 1.2) on 32-bit halves.
 * Unrolled over one round with the state in local variables: a light cache takes a million of these, and typed
 * arrays indexed by tables are five times slower.
 */

/** Halves of the 24 round constants (FIPS 202, algorithm 5): low, high, low, high, … */
export const ROUND_CONSTANTS: Int32Array = roundConstants();

/** Rotation of lane x + 5y (FIPS 202, table 2, modulo 64). */
export const ROTATIONS: readonly number[] = [
  0, 1, 62, 28, 27, 36, 44, 6, 55, 20, 3, 10, 43, 25, 39, 41, 45, 15, 21, 8, 18, 2, 61, 56, 14,
];

/** The 24 bits rc(7j … ) of the linear feedback shift register of FIPS 202, algorithm 5, set at bits 2^j − 1. */
function roundConstants(): Int32Array {
  const constants = new Int32Array(48);
  let register = 1;
  for (let round = 0; round < 24; round++)
    for (let j = 0; j <= 6; j++) {
      const bit = 2 ** j - 1;
      const word = 2 * round + (bit >> 5);
      if (register & 1) constants[word] = (constants[word] as number) ^ (1 << (bit & 31));
      register = (register << 1) ^ (register & 0x80 ? 0x171 : 0);
    }
  return constants;
}

/**
 * One permutation in place.
 * @param s 25 lanes as 50 words: low half, high half, lane x + 5y at word 2(x + 5y)
 */
export function keccakF1600(s: Int32Array): void {
  let l0 = s[0] as number,
    h0 = s[1] as number;
  let l1 = s[2] as number,
    h1 = s[3] as number;
  let l2 = s[4] as number,
    h2 = s[5] as number;
  let l3 = s[6] as number,
    h3 = s[7] as number;
  let l4 = s[8] as number,
    h4 = s[9] as number;
  let l5 = s[10] as number,
    h5 = s[11] as number;
  let l6 = s[12] as number,
    h6 = s[13] as number;
  let l7 = s[14] as number,
    h7 = s[15] as number;
  let l8 = s[16] as number,
    h8 = s[17] as number;
  let l9 = s[18] as number,
    h9 = s[19] as number;
  let l10 = s[20] as number,
    h10 = s[21] as number;
  let l11 = s[22] as number,
    h11 = s[23] as number;
  let l12 = s[24] as number,
    h12 = s[25] as number;
  let l13 = s[26] as number,
    h13 = s[27] as number;
  let l14 = s[28] as number,
    h14 = s[29] as number;
  let l15 = s[30] as number,
    h15 = s[31] as number;
  let l16 = s[32] as number,
    h16 = s[33] as number;
  let l17 = s[34] as number,
    h17 = s[35] as number;
  let l18 = s[36] as number,
    h18 = s[37] as number;
  let l19 = s[38] as number,
    h19 = s[39] as number;
  let l20 = s[40] as number,
    h20 = s[41] as number;
  let l21 = s[42] as number,
    h21 = s[43] as number;
  let l22 = s[44] as number,
    h22 = s[45] as number;
  let l23 = s[46] as number,
    h23 = s[47] as number;
  let l24 = s[48] as number,
    h24 = s[49] as number;
  for (let round = 0; round < 48; round += 2) {
    // θ: the parity of each column.
    const cl0 = l0 ^ l5 ^ l10 ^ l15 ^ l20;
    const ch0 = h0 ^ h5 ^ h10 ^ h15 ^ h20;
    const cl1 = l1 ^ l6 ^ l11 ^ l16 ^ l21;
    const ch1 = h1 ^ h6 ^ h11 ^ h16 ^ h21;
    const cl2 = l2 ^ l7 ^ l12 ^ l17 ^ l22;
    const ch2 = h2 ^ h7 ^ h12 ^ h17 ^ h22;
    const cl3 = l3 ^ l8 ^ l13 ^ l18 ^ l23;
    const ch3 = h3 ^ h8 ^ h13 ^ h18 ^ h23;
    const cl4 = l4 ^ l9 ^ l14 ^ l19 ^ l24;
    const ch4 = h4 ^ h9 ^ h14 ^ h19 ^ h24;
    const dl0 = cl4 ^ ((cl1 << 1) | (ch1 >>> 31)),
      dh0 = ch4 ^ ((ch1 << 1) | (cl1 >>> 31));
    const dl1 = cl0 ^ ((cl2 << 1) | (ch2 >>> 31)),
      dh1 = ch0 ^ ((ch2 << 1) | (cl2 >>> 31));
    const dl2 = cl1 ^ ((cl3 << 1) | (ch3 >>> 31)),
      dh2 = ch1 ^ ((ch3 << 1) | (cl3 >>> 31));
    const dl3 = cl2 ^ ((cl4 << 1) | (ch4 >>> 31)),
      dh3 = ch2 ^ ((ch4 << 1) | (cl4 >>> 31));
    const dl4 = cl3 ^ ((cl0 << 1) | (ch0 >>> 31)),
      dh4 = ch3 ^ ((ch0 << 1) | (cl0 >>> 31));
    // ρ and π: every lane rotated, and moved to its place.
    const bl0 = l0 ^ dl0,
      bh0 = h0 ^ dh0;
    const el1 = l6 ^ dl1,
      eh1 = h6 ^ dh1;
    const bl1 = (eh1 << 12) | (el1 >>> 20),
      bh1 = (el1 << 12) | (eh1 >>> 20);
    const el2 = l12 ^ dl2,
      eh2 = h12 ^ dh2;
    const bl2 = (eh2 << 11) | (el2 >>> 21),
      bh2 = (el2 << 11) | (eh2 >>> 21);
    const el3 = l18 ^ dl3,
      eh3 = h18 ^ dh3;
    const bl3 = (el3 << 21) | (eh3 >>> 11),
      bh3 = (eh3 << 21) | (el3 >>> 11);
    const el4 = l24 ^ dl4,
      eh4 = h24 ^ dh4;
    const bl4 = (el4 << 14) | (eh4 >>> 18),
      bh4 = (eh4 << 14) | (el4 >>> 18);
    const el5 = l3 ^ dl3,
      eh5 = h3 ^ dh3;
    const bl5 = (el5 << 28) | (eh5 >>> 4),
      bh5 = (eh5 << 28) | (el5 >>> 4);
    const el6 = l9 ^ dl4,
      eh6 = h9 ^ dh4;
    const bl6 = (el6 << 20) | (eh6 >>> 12),
      bh6 = (eh6 << 20) | (el6 >>> 12);
    const el7 = l10 ^ dl0,
      eh7 = h10 ^ dh0;
    const bl7 = (el7 << 3) | (eh7 >>> 29),
      bh7 = (eh7 << 3) | (el7 >>> 29);
    const el8 = l16 ^ dl1,
      eh8 = h16 ^ dh1;
    const bl8 = (eh8 << 13) | (el8 >>> 19),
      bh8 = (el8 << 13) | (eh8 >>> 19);
    const el9 = l22 ^ dl2,
      eh9 = h22 ^ dh2;
    const bl9 = (eh9 << 29) | (el9 >>> 3),
      bh9 = (el9 << 29) | (eh9 >>> 3);
    const el10 = l1 ^ dl1,
      eh10 = h1 ^ dh1;
    const bl10 = (el10 << 1) | (eh10 >>> 31),
      bh10 = (eh10 << 1) | (el10 >>> 31);
    const el11 = l7 ^ dl2,
      eh11 = h7 ^ dh2;
    const bl11 = (el11 << 6) | (eh11 >>> 26),
      bh11 = (eh11 << 6) | (el11 >>> 26);
    const el12 = l13 ^ dl3,
      eh12 = h13 ^ dh3;
    const bl12 = (el12 << 25) | (eh12 >>> 7),
      bh12 = (eh12 << 25) | (el12 >>> 7);
    const el13 = l19 ^ dl4,
      eh13 = h19 ^ dh4;
    const bl13 = (el13 << 8) | (eh13 >>> 24),
      bh13 = (eh13 << 8) | (el13 >>> 24);
    const el14 = l20 ^ dl0,
      eh14 = h20 ^ dh0;
    const bl14 = (el14 << 18) | (eh14 >>> 14),
      bh14 = (eh14 << 18) | (el14 >>> 14);
    const el15 = l4 ^ dl4,
      eh15 = h4 ^ dh4;
    const bl15 = (el15 << 27) | (eh15 >>> 5),
      bh15 = (eh15 << 27) | (el15 >>> 5);
    const el16 = l5 ^ dl0,
      eh16 = h5 ^ dh0;
    const bl16 = (eh16 << 4) | (el16 >>> 28),
      bh16 = (el16 << 4) | (eh16 >>> 28);
    const el17 = l11 ^ dl1,
      eh17 = h11 ^ dh1;
    const bl17 = (el17 << 10) | (eh17 >>> 22),
      bh17 = (eh17 << 10) | (el17 >>> 22);
    const el18 = l17 ^ dl2,
      eh18 = h17 ^ dh2;
    const bl18 = (el18 << 15) | (eh18 >>> 17),
      bh18 = (eh18 << 15) | (el18 >>> 17);
    const el19 = l23 ^ dl3,
      eh19 = h23 ^ dh3;
    const bl19 = (eh19 << 24) | (el19 >>> 8),
      bh19 = (el19 << 24) | (eh19 >>> 8);
    const el20 = l2 ^ dl2,
      eh20 = h2 ^ dh2;
    const bl20 = (eh20 << 30) | (el20 >>> 2),
      bh20 = (el20 << 30) | (eh20 >>> 2);
    const el21 = l8 ^ dl3,
      eh21 = h8 ^ dh3;
    const bl21 = (eh21 << 23) | (el21 >>> 9),
      bh21 = (el21 << 23) | (eh21 >>> 9);
    const el22 = l14 ^ dl4,
      eh22 = h14 ^ dh4;
    const bl22 = (eh22 << 7) | (el22 >>> 25),
      bh22 = (el22 << 7) | (eh22 >>> 25);
    const el23 = l15 ^ dl0,
      eh23 = h15 ^ dh0;
    const bl23 = (eh23 << 9) | (el23 >>> 23),
      bh23 = (el23 << 9) | (eh23 >>> 23);
    const el24 = l21 ^ dl1,
      eh24 = h21 ^ dh1;
    const bl24 = (el24 << 2) | (eh24 >>> 30),
      bh24 = (eh24 << 2) | (el24 >>> 30);
    // χ, and ι on lane 0.
    l0 = bl0 ^ (~bl1 & bl2) ^ (ROUND_CONSTANTS[round] as number);
    h0 = bh0 ^ (~bh1 & bh2) ^ (ROUND_CONSTANTS[round + 1] as number);
    l1 = bl1 ^ (~bl2 & bl3);
    h1 = bh1 ^ (~bh2 & bh3);
    l2 = bl2 ^ (~bl3 & bl4);
    h2 = bh2 ^ (~bh3 & bh4);
    l3 = bl3 ^ (~bl4 & bl0);
    h3 = bh3 ^ (~bh4 & bh0);
    l4 = bl4 ^ (~bl0 & bl1);
    h4 = bh4 ^ (~bh0 & bh1);
    l5 = bl5 ^ (~bl6 & bl7);
    h5 = bh5 ^ (~bh6 & bh7);
    l6 = bl6 ^ (~bl7 & bl8);
    h6 = bh6 ^ (~bh7 & bh8);
    l7 = bl7 ^ (~bl8 & bl9);
    h7 = bh7 ^ (~bh8 & bh9);
    l8 = bl8 ^ (~bl9 & bl5);
    h8 = bh8 ^ (~bh9 & bh5);
    l9 = bl9 ^ (~bl5 & bl6);
    h9 = bh9 ^ (~bh5 & bh6);
    l10 = bl10 ^ (~bl11 & bl12);
    h10 = bh10 ^ (~bh11 & bh12);
    l11 = bl11 ^ (~bl12 & bl13);
    h11 = bh11 ^ (~bh12 & bh13);
    l12 = bl12 ^ (~bl13 & bl14);
    h12 = bh12 ^ (~bh13 & bh14);
    l13 = bl13 ^ (~bl14 & bl10);
    h13 = bh13 ^ (~bh14 & bh10);
    l14 = bl14 ^ (~bl10 & bl11);
    h14 = bh14 ^ (~bh10 & bh11);
    l15 = bl15 ^ (~bl16 & bl17);
    h15 = bh15 ^ (~bh16 & bh17);
    l16 = bl16 ^ (~bl17 & bl18);
    h16 = bh16 ^ (~bh17 & bh18);
    l17 = bl17 ^ (~bl18 & bl19);
    h17 = bh17 ^ (~bh18 & bh19);
    l18 = bl18 ^ (~bl19 & bl15);
    h18 = bh18 ^ (~bh19 & bh15);
    l19 = bl19 ^ (~bl15 & bl16);
    h19 = bh19 ^ (~bh15 & bh16);
    l20 = bl20 ^ (~bl21 & bl22);
    h20 = bh20 ^ (~bh21 & bh22);
    l21 = bl21 ^ (~bl22 & bl23);
    h21 = bh21 ^ (~bh22 & bh23);
    l22 = bl22 ^ (~bl23 & bl24);
    h22 = bh22 ^ (~bh23 & bh24);
    l23 = bl23 ^ (~bl24 & bl20);
    h23 = bh23 ^ (~bh24 & bh20);
    l24 = bl24 ^ (~bl20 & bl21);
    h24 = bh24 ^ (~bh20 & bh21);
  }
  s[0] = l0;
  s[1] = h0;
  s[2] = l1;
  s[3] = h1;
  s[4] = l2;
  s[5] = h2;
  s[6] = l3;
  s[7] = h3;
  s[8] = l4;
  s[9] = h4;
  s[10] = l5;
  s[11] = h5;
  s[12] = l6;
  s[13] = h6;
  s[14] = l7;
  s[15] = h7;
  s[16] = l8;
  s[17] = h8;
  s[18] = l9;
  s[19] = h9;
  s[20] = l10;
  s[21] = h10;
  s[22] = l11;
  s[23] = h11;
  s[24] = l12;
  s[25] = h12;
  s[26] = l13;
  s[27] = h13;
  s[28] = l14;
  s[29] = h14;
  s[30] = l15;
  s[31] = h15;
  s[32] = l16;
  s[33] = h16;
  s[34] = l17;
  s[35] = h17;
  s[36] = l18;
  s[37] = h18;
  s[38] = l19;
  s[39] = h19;
  s[40] = l20;
  s[41] = h20;
  s[42] = l21;
  s[43] = h21;
  s[44] = l22;
  s[45] = h22;
  s[46] = l23;
  s[47] = h23;
  s[48] = l24;
  s[49] = h24;
}
