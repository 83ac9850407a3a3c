// matmul/i8, vector, b as k × n: for one or a few rows of a, where memory is the limit. Each invocation has four columns
// of c, which share words of b, and every SLICES-th step along k; neighbours have neighbouring columns, so that loads of
// b are whole cache lines. A word of a, four bytes along k, is the same for all columns. Sums of the slices meet at the
// end, through workgroup memory.
//
// The host pads a, b and c with zeros, so no load or store needs a bounds test.
//
// Generated constants: M, N, K (padded sizes), WIDTH (invocations side by side), SLICES, ROWS_A.

@group(0) @binding(0) var<storage, read> a: array<u32>;
@group(0) @binding(1) var<storage, read> b: array<u32>;
@group(0) @binding(2) var<storage, read_write> c: array<vec4<i32>>;

var<workgroup> partial: array<array<vec4<i32>, WIDTH>, SLICES>;

@compute @workgroup_size(WIDTH, SLICES)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let column4 = group.x * WIDTH + local.x;
  let firstA = group.z * M + group.y * ROWS_A;
  var sum: array<vec4<i32>, ROWS_A>;
  for (var k4 = local.y; k4 < K / 4; k4 += SLICES) {
    let at = (group.z * K + 4 * k4) * (N / 4) + column4;
    let right = transposeBytes(vec4(b[at], b[at + N / 4], b[at + 2 * (N / 4)], b[at + 3 * (N / 4)]));
    for (var i = 0u; i < ROWS_A; i++) {
      sum[i] += dots(a[(firstA + i) * (K / 4) + k4], right);
    }
  }
  for (var i = 0u; i < ROWS_A; i++) {
    partial[local.y][local.x] = sum[i];
    workgroupBarrier();
    if (local.y == 0) {
      var total = vec4<i32>();
      for (var s = 0u; s < SLICES; s++) {
        total += partial[s][local.x];
      }
      c[(firstA + i) * (N / 4) + column4] = total;
    }
    workgroupBarrier();
  }
}
