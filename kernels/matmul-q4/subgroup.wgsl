// matmul/q4, subgroup: for many rows of a, a register tile without workgroup memory and without barriers, as
// `matmul/f32` has it. All invocations of a workgroup share ROWS rows of a, and each has four columns of c of its own.
// Of the rows of a each lane loads four elements of another one and hands them round by shuffle. A weight becomes a
// number once for ROWS products.
//
// Why: where a load is dear and a shuffle is cheap this wins, as on software adapters. On cards `register-tiled` should.
//
// Rows are handed round among LANES neighbours, so any subgroup of at least LANES will do. One of 4, the smallest that
// WebGPU allows, takes the plain loads.
//
// The host pads a with rows of zeros and weights with rows of scale 0, so no load or store needs a bounds test.
//
// Generated constants: N (padded), BLOCKS (blocks in a row of weights), GROUP (invocations per workgroup, at least
// LANES), ROWS (rows per workgroup, a multiple of LANES).

const LANES = 8u;

@group(0) @binding(0) var<storage, read> a: array<vec2<u32>>;
@group(0) @binding(1) var<storage, read> weights: array<u32>;
@group(0) @binding(2) var<storage, read> scales: array<u32>;
@group(0) @binding(3) var<storage, read_write> c: array<vec2<u32>>;

fn scaleOf(place: u32) -> f32 {
  return unpack2x16float(scales[place / 2])[place % 2];
}

fn activations(words: vec2<u32>) -> vec4<f32> {
  return vec4(unpack2x16float(words.x), unpack2x16float(words.y));
}

@compute @workgroup_size(GROUP)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,
  @builtin(subgroup_invocation_id) lane: u32,
  @builtin(subgroup_size) lanes: u32,
) {
  let row = group.y * ROWS;
  let column = 4 * (group.x * GROUP + local.x);
  let shuffles = lanes >= LANES;
  var sum: array<vec4<f32>, ROWS>;
  for (var block = 0u; block < BLOCKS; block++) {
    let place = column * BLOCKS + block;
    let scale = vec4(scaleOf(place), scaleOf(place + BLOCKS), scaleOf(place + 2 * BLOCKS), scaleOf(place + 3 * BLOCKS));
    for (var k4 = 8 * block; k4 < 8 * block + 8; k4 += 2) {
      let at = column * (4 * BLOCKS) + k4 / 2;
      let words = vec4(weights[at], weights[at + 4 * BLOCKS], weights[at + 8 * BLOCKS], weights[at + 12 * BLOCKS]);
      for (var half = 0u; half < 2; half++) {
        let nibbles = words >> vec4(16 * half);
        let b0 = scale * (vec4<f32>(nibbles & vec4(15)) - 8);
        let b1 = scale * (vec4<f32>((nibbles >> vec4(4)) & vec4(15)) - 8);
        let b2 = scale * (vec4<f32>((nibbles >> vec4(8)) & vec4(15)) - 8);
        let b3 = scale * (vec4<f32>((nibbles >> vec4(12)) & vec4(15)) - 8);
        if (shuffles) {
          for (var first = 0u; first < ROWS; first += LANES) {
            let mine = activations(a[(row + first + lane % LANES) * (8 * BLOCKS) + k4 + half]);
            for (var r = 0u; r < LANES; r++) {
              let left = subgroupShuffle(mine, r);
              sum[first + r] = fma(vec4(left.x), b0, sum[first + r]);
              sum[first + r] = fma(vec4(left.y), b1, sum[first + r]);
              sum[first + r] = fma(vec4(left.z), b2, sum[first + r]);
              sum[first + r] = fma(vec4(left.w), b3, sum[first + r]);
            }
          }
        } else {
          for (var r = 0u; r < ROWS; r++) {
            let left = activations(a[(row + r) * (8 * BLOCKS) + k4 + half]);
            sum[r] = fma(vec4(left.x), b0, sum[r]);
            sum[r] = fma(vec4(left.y), b1, sum[r]);
            sum[r] = fma(vec4(left.z), b2, sum[r]);
            sum[r] = fma(vec4(left.w), b3, sum[r]);
          }
        }
      }
    }
  }
  for (var r = 0u; r < ROWS; r++) {
    c[(row + r) * (N / 4) + column / 4] = vec2(pack2x16float(sum[r].xy), pack2x16float(sum[r].zw));
  }
}
