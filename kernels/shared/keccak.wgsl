// Keccak-f[1600] (FIPS 202, section 3; the Keccak reference, version 3.0, section 1.2). A lane of 64 bits is a
// vec2<u32>, low half first. The 24 rounds are a loop: the state has 50 words, more than most processors have
// registers for, and compilers choke on 24 copies of a round sooner than the loop costs anything. Every index is a
// constant, so that the state can stay in registers.

// Lane x + 5y.
alias KeccakState = array<vec2<u32>, 25>;

// FIPS 202, section 3.2.5.
const KECCAK_ROUNDS = array<vec2<u32>, 24>(
  vec2(0x00000001u, 0x00000000u),
  vec2(0x00008082u, 0x00000000u),
  vec2(0x0000808au, 0x80000000u),
  vec2(0x80008000u, 0x80000000u),
  vec2(0x0000808bu, 0x00000000u),
  vec2(0x80000001u, 0x00000000u),
  vec2(0x80008081u, 0x80000000u),
  vec2(0x00008009u, 0x80000000u),
  vec2(0x0000008au, 0x00000000u),
  vec2(0x00000088u, 0x00000000u),
  vec2(0x80008009u, 0x00000000u),
  vec2(0x8000000au, 0x00000000u),
  vec2(0x8000808bu, 0x00000000u),
  vec2(0x0000008bu, 0x80000000u),
  vec2(0x00008089u, 0x80000000u),
  vec2(0x00008003u, 0x80000000u),
  vec2(0x00008002u, 0x80000000u),
  vec2(0x00000080u, 0x80000000u),
  vec2(0x0000800au, 0x00000000u),
  vec2(0x8000000au, 0x80000000u),
  vec2(0x80008081u, 0x80000000u),
  vec2(0x00008080u, 0x80000000u),
  vec2(0x80000001u, 0x00000000u),
  vec2(0x80008008u, 0x80000000u),
);

// Rotation to the left by 1 … 31; and by 33 … 63, which is the halves swapped and the rest.
fn rotateLane(lane: vec2<u32>, by: u32) -> vec2<u32> {
  return (lane << vec2(by)) | (lane.yx >> vec2(32u - by));
}
fn rotateLaneFar(lane: vec2<u32>, by: u32) -> vec2<u32> {
  return rotateLane(lane.yx, by - 32u);
}

fn keccakF1600(state: ptr<function, KeccakState>) {
  for (var round = 0u; round < 24u; round++) {
    // θ
    let c0 = (*state)[0] ^ (*state)[5] ^ (*state)[10] ^ (*state)[15] ^ (*state)[20];
    let c1 = (*state)[1] ^ (*state)[6] ^ (*state)[11] ^ (*state)[16] ^ (*state)[21];
    let c2 = (*state)[2] ^ (*state)[7] ^ (*state)[12] ^ (*state)[17] ^ (*state)[22];
    let c3 = (*state)[3] ^ (*state)[8] ^ (*state)[13] ^ (*state)[18] ^ (*state)[23];
    let c4 = (*state)[4] ^ (*state)[9] ^ (*state)[14] ^ (*state)[19] ^ (*state)[24];
    let d0 = c4 ^ rotateLane(c1, 1u);
    let d1 = c0 ^ rotateLane(c2, 1u);
    let d2 = c1 ^ rotateLane(c3, 1u);
    let d3 = c2 ^ rotateLane(c4, 1u);
    let d4 = c3 ^ rotateLane(c0, 1u);
    // ρ and π
    let b0 = (*state)[0] ^ d0;
    let b1 = rotateLaneFar((*state)[6] ^ d1, 44u);
    let b2 = rotateLaneFar((*state)[12] ^ d2, 43u);
    let b3 = rotateLane((*state)[18] ^ d3, 21u);
    let b4 = rotateLane((*state)[24] ^ d4, 14u);
    let b5 = rotateLane((*state)[3] ^ d3, 28u);
    let b6 = rotateLane((*state)[9] ^ d4, 20u);
    let b7 = rotateLane((*state)[10] ^ d0, 3u);
    let b8 = rotateLaneFar((*state)[16] ^ d1, 45u);
    let b9 = rotateLaneFar((*state)[22] ^ d2, 61u);
    let b10 = rotateLane((*state)[1] ^ d1, 1u);
    let b11 = rotateLane((*state)[7] ^ d2, 6u);
    let b12 = rotateLane((*state)[13] ^ d3, 25u);
    let b13 = rotateLane((*state)[19] ^ d4, 8u);
    let b14 = rotateLane((*state)[20] ^ d0, 18u);
    let b15 = rotateLane((*state)[4] ^ d4, 27u);
    let b16 = rotateLaneFar((*state)[5] ^ d0, 36u);
    let b17 = rotateLane((*state)[11] ^ d1, 10u);
    let b18 = rotateLane((*state)[17] ^ d2, 15u);
    let b19 = rotateLaneFar((*state)[23] ^ d3, 56u);
    let b20 = rotateLaneFar((*state)[2] ^ d2, 62u);
    let b21 = rotateLaneFar((*state)[8] ^ d3, 55u);
    let b22 = rotateLaneFar((*state)[14] ^ d4, 39u);
    let b23 = rotateLaneFar((*state)[15] ^ d0, 41u);
    let b24 = rotateLane((*state)[21] ^ d1, 2u);
    // χ and ι
    (*state)[0] = b0 ^ (~b1 & b2) ^ KECCAK_ROUNDS[round];
    (*state)[1] = b1 ^ (~b2 & b3);
    (*state)[2] = b2 ^ (~b3 & b4);
    (*state)[3] = b3 ^ (~b4 & b0);
    (*state)[4] = b4 ^ (~b0 & b1);
    (*state)[5] = b5 ^ (~b6 & b7);
    (*state)[6] = b6 ^ (~b7 & b8);
    (*state)[7] = b7 ^ (~b8 & b9);
    (*state)[8] = b8 ^ (~b9 & b5);
    (*state)[9] = b9 ^ (~b5 & b6);
    (*state)[10] = b10 ^ (~b11 & b12);
    (*state)[11] = b11 ^ (~b12 & b13);
    (*state)[12] = b12 ^ (~b13 & b14);
    (*state)[13] = b13 ^ (~b14 & b10);
    (*state)[14] = b14 ^ (~b10 & b11);
    (*state)[15] = b15 ^ (~b16 & b17);
    (*state)[16] = b16 ^ (~b17 & b18);
    (*state)[17] = b17 ^ (~b18 & b19);
    (*state)[18] = b18 ^ (~b19 & b15);
    (*state)[19] = b19 ^ (~b15 & b16);
    (*state)[20] = b20 ^ (~b21 & b22);
    (*state)[21] = b21 ^ (~b22 & b23);
    (*state)[22] = b22 ^ (~b23 & b24);
    (*state)[23] = b23 ^ (~b24 & b20);
    (*state)[24] = b24 ^ (~b20 & b21);
  }
}
