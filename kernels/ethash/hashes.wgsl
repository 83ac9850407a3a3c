// Ethash's three uses of Keccak, with its original padding (first bit 1, last bit 1 of the rate, no suffix), and
// FNV. Words are little-endian and so are lanes: two words of a vec4 are one lane. Follows shared/keccak.

// 64 bytes: an item of the dataset, a row of the cache, the seed of a hash's mix.
alias Row = array<vec4<u32>, 4>;
// 32 bytes.
alias Digest = array<vec4<u32>, 2>;

const FNV_PRIME = 0x01000193u;

fn fnv(a: u32, b: u32) -> u32 {
  return (a * FNV_PRIME) ^ b;
}
fn fnvEach(a: vec4<u32>, b: vec4<u32>) -> vec4<u32> {
  return (a * FNV_PRIME) ^ b;
}

// Keccak-512 of a header's hash and a nonce, 40 bytes. The rate is 72 bytes: 9 lanes.
fn hashSeed(header: Digest, nonce: vec2<u32>) -> Row {
  var state: KeccakState;
  state[0] = header[0].xy;
  state[1] = header[0].zw;
  state[2] = header[1].xy;
  state[3] = header[1].zw;
  state[4] = nonce;
  state[5] = vec2(1u, 0u);
  state[8] = vec2(0u, 0x80000000u);
  keccakF1600(&state);
  return rowOf(&state);
}

// Keccak-512 of 64 bytes.
fn hashRow(row: Row) -> Row {
  var state: KeccakState;
  absorbRow(&state, row);
  state[8] = vec2(1u, 0x80000000u);
  keccakF1600(&state);
  return rowOf(&state);
}

// Keccak-256 of seed and mix, 96 bytes. The rate is 136 bytes: 17 lanes.
fn hashFinal(seed: Row, mix: Digest) -> Digest {
  var state: KeccakState;
  absorbRow(&state, seed);
  state[8] = mix[0].xy;
  state[9] = mix[0].zw;
  state[10] = mix[1].xy;
  state[11] = mix[1].zw;
  state[12] = vec2(1u, 0u);
  state[16] = vec2(0u, 0x80000000u);
  keccakF1600(&state);
  return Digest(vec4(state[0], state[1]), vec4(state[2], state[3]));
}

fn absorbRow(state: ptr<function, KeccakState>, row: Row) {
  (*state)[0] = row[0].xy;
  (*state)[1] = row[0].zw;
  (*state)[2] = row[1].xy;
  (*state)[3] = row[1].zw;
  (*state)[4] = row[2].xy;
  (*state)[5] = row[2].zw;
  (*state)[6] = row[3].xy;
  (*state)[7] = row[3].zw;
}

fn rowOf(state: ptr<function, KeccakState>) -> Row {
  return Row(
    vec4((*state)[0], (*state)[1]),
    vec4((*state)[2], (*state)[3]),
    vec4((*state)[4], (*state)[5]),
    vec4((*state)[6], (*state)[7]),
  );
}
