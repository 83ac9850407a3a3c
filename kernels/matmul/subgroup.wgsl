// matmul, subgroup: a register tile without workgroup memory and without barriers. All invocations of
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
// Follows a module that says how numbers are stored (`Read`, `Written`); sums are f32.
//
// Generated constants: M, N, K (padded sizes), TRANSPOSE_B (b is N × K), GROUP (invocations per workgroup, at least LANES), ROWS (rows
// per workgroup, a multiple of LANES), NARROW (subgroups may have fewer than LANES).

const LANES = 8u;

@group(0) @binding(0) var<storage, read> a: array<Read>;
@group(0) @binding(1) var<storage, read> b: array<Read>;
@group(0) @binding(2) var<storage, read_write> c: array<Written>;

@compute @workgroup_size(GROUP)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,
  @builtin(subgroup_invocation_id) lane: u32,
  @builtin(subgroup_size) lanes: u32,
) {
  let row = group.z * M + group.y * ROWS; // group.z: the product of the batch
  let firstB = group.z * K * (N / 4);
  let column = group.x * GROUP + local.x;
  if (NARROW && lanes < LANES) {
    plain(row, column, firstB);
    return;
  }
  var sum: array<vec4<f32>, ROWS>;
  for (var k = 0u; k < K / 4; k++) {
    let right = square(firstB, k, column);
    for (var first = 0u; first < ROWS; first += LANES) {
      let mine = widen(a[(row + first + lane % LANES) * (K / 4) + k]);
      for (var r = 0u; r < LANES; r++) {
        let left = subgroupShuffle(mine, r);
        sum[first + r] = fma(vec4<f32>(left.x), right[0], sum[first + r]);
        sum[first + r] = fma(vec4<f32>(left.y), right[1], sum[first + r]);
        sum[first + r] = fma(vec4<f32>(left.z), right[2], sum[first + r]);
        sum[first + r] = fma(vec4<f32>(left.w), right[3], sum[first + r]);
      }
    }
  }
  for (var r = 0u; r < ROWS; r++) {
    c[(row + r) * (N / 4) + column] = narrow(sum[r]);
  }
}

fn plain(row: u32, column: u32, firstB: u32) {
  for (var r = 0u; r < ROWS; r++) {
    var sum = vec4<f32>();
    for (var k = 0u; k < K / 4; k++) {
      let left = widen(a[(row + r) * (K / 4) + k]);
      let right = square(firstB, k, column);
      sum = fma(vec4<f32>(left.x), right[0], sum);
      sum = fma(vec4<f32>(left.y), right[1], sum);
      sum = fma(vec4<f32>(left.z), right[2], sum);
      sum = fma(vec4<f32>(left.w), right[3], sum);
    }
    c[(row + r) * (N / 4) + column] = narrow(sum);
  }
}

// Four rows of b, from 4·k on, in the columns of this invocation.
fn square(firstB: u32, k: u32, column: u32) -> mat4x4<f32> {
  if (TRANSPOSE_B) {
    let at = firstB + 4 * column * (K / 4) + k;
    let turned = mat4x4<f32>(
      widen(b[at]),
      widen(b[at + K / 4]),
      widen(b[at + 2 * (K / 4)]),
      widen(b[at + 3 * (K / 4)]),
    );
    return transpose(turned);
  }
  let at = firstB + 4 * k * (N / 4) + column;
  return mat4x4<f32>(
    widen(b[at]),
    widen(b[at + N / 4]),
    widen(b[at + 2 * (N / 4)]),
    widen(b[at + 3 * (N / 4)]),
  );
}
