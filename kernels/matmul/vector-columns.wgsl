// matmul, matrix–vector, for b as k × n: few rows of a meet each column of b, so what counts is how fast b comes from
// memory. GROUP_X invocations read neighbouring vec4 of a row of b; GROUP_Y of them share the rows, since the columns
// alone would be too few to keep a card busy, and in the end their sums are added up through workgroup memory, one row
// of a after the other, so that little of it is needed.
//
// The host pads a, b and c with zeros to whole vec4, rows of a to ROWS and columns of b to 4 · GROUP_X.
//
// Follows a module that says how numbers are stored (`Read`, `Written`); sums are f32.
//
// Generated constants: M, N, K (padded sizes), GROUP_X, GROUP_Y (workgroup size), ROWS (of a per workgroup).

@group(0) @binding(0) var<storage, read> a: array<Read>;
@group(0) @binding(1) var<storage, read> b: array<Read>;
@group(0) @binding(2) var<storage, read_write> c: array<Written>;

var<workgroup> partial: array<vec4<f32>, GROUP_X * GROUP_Y>;

@compute @workgroup_size(GROUP_X, GROUP_Y)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,
  @builtin(local_invocation_index) thread: u32,
) {
  let row = group.z * M + group.y * ROWS; // group.z: the product of the batch
  let column = group.x * GROUP_X + local.x;
  let firstA = row * (K / 4);
  let firstB = group.z * K * (N / 4) + column;
  var sum: array<vec4<f32>, ROWS>;
  for (var k = local.y; k < K / 4; k += GROUP_Y) {
    let at = firstB + 4 * k * (N / 4);
    let right0 = widen(b[at]);
    let right1 = widen(b[at + N / 4]);
    let right2 = widen(b[at + 2 * (N / 4)]);
    let right3 = widen(b[at + 3 * (N / 4)]);
    for (var r = 0u; r < ROWS; r++) {
      let left = widen(a[firstA + r * (K / 4) + k]);
      sum[r] = fma(vec4<f32>(left.x), right0, sum[r]);
      sum[r] = fma(vec4<f32>(left.y), right1, sum[r]);
      sum[r] = fma(vec4<f32>(left.z), right2, sum[r]);
      sum[r] = fma(vec4<f32>(left.w), right3, sum[r]);
    }
  }
  for (var r = 0u; r < ROWS; r++) {
    partial[thread] = sum[r];
    workgroupBarrier();
    if (local.y == 0) {
      var total = partial[thread];
      for (var y = 1u; y < GROUP_Y; y++) {
        total += partial[thread + y * GROUP_X];
      }
      c[(row + r) * (N / 4) + column] = narrow(total);
    }
    workgroupBarrier();
  }
}
