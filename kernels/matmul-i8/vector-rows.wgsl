// matmul/i8, vector, b as n × k: for one or a few rows of a, where every byte of b is used once or a few times and memory
// is the limit. A workgroup computes ROWS columns of c, which are rows of b, for ROWS_A rows of a. Neighbours take
// neighbouring 16 bytes along k, so that loads of b are whole cache lines, and the 16 bytes of a that these meet are
// loaded once for ROWS rows. Sums meet at the end, by subgroup, then through workgroup memory.
//
// The host pads a, b and c with zeros, so no load or store needs a bounds test.
//
// Generated constants: M, N, K (padded sizes), GROUP (invocations), ROWS, ROWS_A.

@group(0) @binding(0) var<storage, read> a: array<vec4<u32>>;
@group(0) @binding(1) var<storage, read> b: array<vec4<u32>>;
@group(0) @binding(2) var<storage, read_write> c: array<i32>;

// By subgroup, of which the smallest has four lanes.
var<workgroup> partial: array<array<i32, ROWS * ROWS_A>, GROUP / 4>;

@compute @workgroup_size(GROUP)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
  @builtin(subgroup_invocation_id) lane: u32,
  @builtin(subgroup_size) lanes: u32,
) {
  let firstRow = group.z * N + group.x * ROWS;
  let firstA = group.z * M + group.y * ROWS_A;
  var sum: array<array<i32, ROWS>, ROWS_A>;
  for (var k16 = local; k16 < K / 16; k16 += GROUP) {
    var left: array<vec4<u32>, ROWS_A>;
    for (var i = 0u; i < ROWS_A; i++) {
      left[i] = a[(firstA + i) * (K / 16) + k16];
    }
    for (var r = 0u; r < ROWS; r++) {
      let right = b[(firstRow + r) * (K / 16) + k16];
      for (var i = 0u; i < ROWS_A; i++) {
        sum[i][r] += dot4I8Packed(left[i].x, right.x) + dot4I8Packed(left[i].y, right.y)
          + dot4I8Packed(left[i].z, right.z) + dot4I8Packed(left[i].w, right.w);
      }
    }
  }
  for (var i = 0u; i < ROWS_A; i++) {
    for (var r = 0u; r < ROWS; r++) {
      let together = subgroupAdd(sum[i][r]);
      if (lane == 0) {
        partial[local / lanes][i * ROWS + r] = together;
      }
    }
  }
  workgroupBarrier();
  for (var at = local; at < ROWS * ROWS_A; at += GROUP) {
    var total = 0;
    for (var s = 0u; s < (GROUP + lanes - 1) / lanes; s++) {
      total += partial[s][at];
    }
    c[(firstA + at / ROWS) * N + group.x * ROWS + at % ROWS] = total;
  }
}
