// matmul/f32, subgroup: a register tile without workgroup memory and without barriers. All invocations of
// a workgroup share ROWS rows of c, and each has four columns of its own. Of the values of a that all of
// them need, each lane loads a different one, and subgroupShuffle hands it round: one load brings eight
// values where it brought one. A value of b is read once for ROWS fma, coalesced.
//
// Why: where a load is dear and a shuffle is cheap this wins. lavapipe 25 pays for every 8-lane load, some 30
// cycles going by its rates, whether or not the lanes agree on the address, and for barriers too, but
// shuffles in one instruction. On NVIDIA cards others found a broadcast through workgroup memory faster
// than shuffles, so `register-tiled` should win there (not measured here).
//
// Rows are handed round among LANES neighbours, so any subgroup of at least LANES will do. One of 4, the
// smallest that WebGPU allows, takes the plain loop at the end.
//
// The host pads a, b and c with zeros to whole tiles, so no load or store needs a bounds test.
//
// Generated constants: K, N (padded sizes), GROUP (invocations per workgroup, at least LANES), ROWS (rows
// per workgroup, a multiple of LANES).

const LANES = 8u;

@group(0) @binding(0) var<storage, read> a: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> b: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> c: array<vec4<f32>>;

@compute @workgroup_size(GROUP)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,
  @builtin(subgroup_invocation_id) lane: u32,
  @builtin(subgroup_size) lanes: u32,
) {
  let row = group.y * ROWS;
  let column = group.x * GROUP + local.x;
  if (lanes < LANES) {
    plain(row, column);
    return;
  }
  var sum: array<vec4<f32>, ROWS>;
  for (var k = 0u; k < K / 4; k++) {
    let b0 = b[(4 * k) * (N / 4) + column];
    let b1 = b[(4 * k + 1) * (N / 4) + column];
    let b2 = b[(4 * k + 2) * (N / 4) + column];
    let b3 = b[(4 * k + 3) * (N / 4) + column];
    for (var first = 0u; first < ROWS; first += LANES) {
      let mine = a[(row + first + lane % LANES) * (K / 4) + k];
      for (var r = 0u; r < LANES; r++) {
        let left = subgroupShuffle(mine, r);
        sum[first + r] = fma(vec4<f32>(left.x), b0, sum[first + r]);
        sum[first + r] = fma(vec4<f32>(left.y), b1, sum[first + r]);
        sum[first + r] = fma(vec4<f32>(left.z), b2, sum[first + r]);
        sum[first + r] = fma(vec4<f32>(left.w), b3, sum[first + r]);
      }
    }
  }
  for (var r = 0u; r < ROWS; r++) {
    c[(row + r) * (N / 4) + column] = sum[r];
  }
}

fn plain(row: u32, column: u32) {
  for (var r = 0u; r < ROWS; r++) {
    var sum = vec4<f32>();
    for (var k = 0u; k < K / 4; k++) {
      let left = a[(row + r) * (K / 4) + k];
      sum = fma(vec4<f32>(left.x), b[(4 * k) * (N / 4) + column], sum);
      sum = fma(vec4<f32>(left.y), b[(4 * k + 1) * (N / 4) + column], sum);
      sum = fma(vec4<f32>(left.z), b[(4 * k + 2) * (N / 4) + column], sum);
      sum = fma(vec4<f32>(left.w), b[(4 * k + 3) * (N / 4) + column], sum);
    }
    c[(row + r) * (N / 4) + column] = sum;
  }
}
