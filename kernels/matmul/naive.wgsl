// matmul/f32, naive: c = a · b, row-major. One invocation computes one element of c and reads a whole
// row of a and a whole column of b from memory. The story's first chapter, and a second oracle.
//
// Generated constants: M, N, K (sizes), TRANSPOSE_B (b is N × K), GROUP_X, GROUP_Y (workgroup size).

@group(0) @binding(0) var<storage, read> a: array<f32>;
@group(0) @binding(1) var<storage, read> b: array<f32>;
@group(0) @binding(2) var<storage, read_write> c: array<f32>;

@compute @workgroup_size(GROUP_X, GROUP_Y)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let column = id.x;
  let row = id.y;
  let product = id.z; // of the batch
  if (row >= M || column >= N) {
    return;
  }
  let firstA = (product * M + row) * K;
  let firstB = product * K * N;
  var sum = 0.0;
  for (var k = 0u; k < K; k++) {
    let right = select(k * N + column, column * K + k, TRANSPOSE_B);
    sum = fma(a[firstA + k], b[firstB + right], sum);
  }
  c[(product * M + row) * N + column] = sum;
}
