// matmul/q4, lanes: for a few rows of a, without workgroup memory and without barriers. Each invocation has COLUMNS
// columns of c of its own, so nothing has to be added up at the end. The activations are the same for all of them: each
// lane loads two others and hands them round by shuffle, so that two loads bring a block's 32 where it took sixteen.
//
// Why: where a load is dear and a shuffle is cheap this wins, as on software adapters (see `matmul/f32` `subgroup`).
// On cards neighbours read addresses far apart, a block each, and rely on the cache for the rest of the line.
//
// Activations are handed round among LANES neighbours, so any subgroup of at least LANES will do. One of 4, the
// smallest that WebGPU allows, takes the plain loads.
//
// The host pads weights with rows of scale 0 and a with rows of zeros, so no load or store needs a bounds test.
//
// Generated constants: N (padded), BLOCKS (blocks in a row of weights), GROUP (invocations, at least LANES), COLUMNS
// (per invocation, even), ROWS_A (rows of a per workgroup).

const LANES = 8u;

@group(0) @binding(0) var<storage, read> a: array<u32>;
@group(0) @binding(1) var<storage, read> weights: array<vec4<u32>>;
@group(0) @binding(2) var<storage, read> scales: array<u32>;
@group(0) @binding(3) var<storage, read_write> c: array<u32>;

alias Products = array<f32, COLUMNS>;
alias Words = array<vec4<u32>, COLUMNS>;

// Elements 2·p and 2·p + 1 of a block.
fn addPair(product: ptr<function, Products>, words: ptr<function, Words>, p: u32, left: vec2<f32>) {
  for (var j = 0u; j < COLUMNS; j++) {
    let shifted = words[j][p / 4] >> (8 * (p % 4));
    product[j] = fma(f32(shifted & 15) - 8, left.x, product[j]);
    product[j] = fma(f32((shifted >> 4) & 15) - 8, left.y, product[j]);
  }
}

@compute @workgroup_size(GROUP)
fn main(
  @builtin(global_invocation_id) id: vec3<u32>,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(subgroup_invocation_id) lane: u32,
  @builtin(subgroup_size) lanes: u32,
) {
  let column = id.x * COLUMNS;
  let row = group.y * ROWS_A;
  var sum: array<array<f32, COLUMNS>, ROWS_A>;
  let shuffles = lanes >= LANES;
  for (var block = 0u; block < BLOCKS; block++) {
    var words: Words;
    var scale: array<f32, COLUMNS>;
    for (var j = 0u; j < COLUMNS; j++) {
      let place = (column + j) * BLOCKS + block;
      words[j] = weights[place];
      scale[j] = unpack2x16float(scales[place / 2])[place % 2];
    }
    for (var i = 0u; i < ROWS_A; i++) {
      let first = ((row + i) * BLOCKS + block) * 16;
      var product = Products();
      if (shuffles) {
        let mine = array(unpack2x16float(a[first + lane % LANES]), unpack2x16float(a[first + 8 + lane % LANES]));
        for (var p = 0u; p < 16; p++) {
          addPair(&product, &words, p, subgroupShuffle(mine[p / 8], p % 8));
        }
      } else {
        for (var p = 0u; p < 16; p++) {
          addPair(&product, &words, p, unpack2x16float(a[first + p]));
        }
      }
      for (var j = 0u; j < COLUMNS; j++) {
        sum[i][j] = fma(scale[j], product[j], sum[i][j]);
      }
    }
  }
  for (var i = 0u; i < ROWS_A; i++) {
    for (var j = 0u; j < COLUMNS; j += 2) {
      c[((row + i) * N + column + j) / 2] = pack2x16float(vec2(sum[i][j], sum[i][j + 1]));
    }
  }
}
