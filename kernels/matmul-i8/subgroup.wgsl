// matmul/i8, subgroup: a register tile without workgroup memory and without barriers, as `matmul/f32` has it. All
// invocations of a workgroup share ROWS rows of c, and each has four columns of its own. Of the rows of a each lane
// loads 16 bytes of another one and hands them round by shuffle; 16 bytes of four columns of b serve ROWS rows.
//
// Why: where a load is dear and a shuffle is cheap this wins, as on software adapters. On cards `register-tiled` should.
//
// Rows are handed round among LANES neighbours, so any subgroup of at least LANES will do. One of 4, the smallest that
// WebGPU allows, takes the plain loads.
//
// The host pads a, b and c with zeros to whole tiles, so no load or store needs a bounds test.
//
// Generated constants: M, N, K (padded sizes), GROUP (invocations per workgroup, at least LANES), ROWS (rows per
// workgroup, a multiple of LANES).

const LANES = 8u;

@group(0) @binding(0) var<storage, read> a: array<vec4<u32>>;
@group(0) @binding(2) var<storage, read_write> c: array<vec4<i32>>;

@compute @workgroup_size(GROUP)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,
  @builtin(subgroup_invocation_id) lane: u32,
  @builtin(subgroup_size) lanes: u32,
) {
  let row = group.z * M + group.y * ROWS;
  let column4 = group.x * GROUP + local.x;
  var sum: array<vec4<i32>, ROWS>;
  if (lanes >= LANES) {
    for (var k16 = 0u; k16 < K / 16; k16++) {
      let right = rightQuad(group.z, column4, k16);
      for (var first = 0u; first < ROWS; first += LANES) {
        let mine = a[(row + first + lane % LANES) * (K / 16) + k16];
        for (var r = 0u; r < LANES; r++) {
          sum[first + r] += product(subgroupShuffle(mine, r), right);
        }
      }
    }
  } else {
    for (var k16 = 0u; k16 < K / 16; k16++) {
      let right = rightQuad(group.z, column4, k16);
      for (var r = 0u; r < ROWS; r++) {
        sum[r] += product(a[(row + r) * (K / 16) + k16], right);
      }
    }
  }
  for (var r = 0u; r < ROWS; r++) {
    c[(row + r) * (N / 4) + column4] = sum[r];
  }
}

// 16 bytes of a row of a by 16 of each of four columns.
fn product(left: vec4<u32>, right: array<vec4<u32>, 4>) -> vec4<i32> {
  return dots(left.x, right[0]) + dots(left.y, right[1]) + dots(left.z, right[2]) + dots(left.w, right[3]);
}
