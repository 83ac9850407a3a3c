// matmul/f16, naive: c = a · b, row-major, two f16 to a word. One invocation computes the two elements of one word of
// c, in f32, and reads a whole row of a and two columns of b from memory. It unpacks words by a function that every
// adapter has, so it needs no feature. The story's first chapter, and a second oracle.
//
// The host pads rows to whole words with zeros.
//
// Generated constants: M, N, K (padded sizes), TRANSPOSE_B (b is N × K), GROUP_X, GROUP_Y (workgroup size).

@group(0) @binding(0) var<storage, read> a: array<u32>;
@group(0) @binding(1) var<storage, read> b: array<u32>;
@group(0) @binding(2) var<storage, read_write> c: array<u32>;

@compute @workgroup_size(GROUP_X, GROUP_Y)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let pair = id.x; // of columns
  let row = id.y;
  let product = id.z; // of the batch
  if (row >= M || pair >= N / 2) {
    return;
  }
  let firstA = (product * M + row) * (K / 2);
  let firstB = product * K * (N / 2);
  var sum = vec2<f32>();
  for (var k = 0u; k < K / 2; k++) {
    let left = unpack2x16float(a[firstA + k]);
    if (TRANSPOSE_B) {
      // Two columns of b, two steps along K each.
      let first = unpack2x16float(b[firstB + (2 * pair) * (K / 2) + k]);
      let second = unpack2x16float(b[firstB + (2 * pair + 1) * (K / 2) + k]);
      sum = fma(vec2<f32>(left.x), vec2<f32>(first.x, second.x), sum);
      sum = fma(vec2<f32>(left.y), vec2<f32>(first.y, second.y), sum);
    } else {
      sum = fma(vec2<f32>(left.x), unpack2x16float(b[firstB + (2 * k) * (N / 2) + pair]), sum);
      sum = fma(vec2<f32>(left.y), unpack2x16float(b[firstB + (2 * k + 1) * (N / 2) + pair]), sum);
    }
  }
  c[(product * M + row) * (N / 2) + pair] = pack2x16float(sum);
}
