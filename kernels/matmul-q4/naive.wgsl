// matmul/q4, naive: c = a · wᵀ with 4-bit weights in blocks of 32 that share an f16 scale. One invocation computes two
// neighbours of a row of c, since they share a word, and takes every weight out of its word by itself. The story's
// first chapter, and a second oracle.
//
// Two f16 lie in a word, the first lowest, and eight weights, so this needs no `shader-f16`.
//
// Generated constants: M, N (sizes, N even), BLOCKS (blocks in a row of weights), GROUP_X, GROUP_Y.

@group(0) @binding(0) var<storage, read> a: array<u32>;
@group(0) @binding(1) var<storage, read> weights: array<u32>;
@group(0) @binding(2) var<storage, read> scales: array<u32>;
@group(0) @binding(3) var<storage, read_write> c: array<u32>;

fn element(row: u32, column: u32) -> f32 {
  var sum = 0.0;
  for (var block = 0u; block < BLOCKS; block++) {
    let place = column * BLOCKS + block;
    let scale = unpack2x16float(scales[place / 2])[place % 2];
    for (var i = 0u; i < 32; i += 2) {
      let left = unpack2x16float(a[(row * BLOCKS + block) * 16 + i / 2]);
      let word = weights[place * 4 + i / 8];
      let right = vec2<f32>(vec2<u32>(extractBits(word, 4 * (i % 8), 4), extractBits(word, 4 * (i % 8) + 4, 4))) - 8;
      sum += scale * dot(left, right);
    }
  }
  return sum;
}

@compute @workgroup_size(GROUP_X, GROUP_Y)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let column = 2 * id.x;
  let row = id.y;
  if (row >= M || column >= N) {
    return;
  }
  c[(row * N + column) / 2] = pack2x16float(vec2(element(row, column), element(row, column + 1)));
}
