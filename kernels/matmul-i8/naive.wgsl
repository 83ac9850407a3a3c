// matmul/i8, naive: c = a · b in whole numbers, row-major. One invocation computes one element of c and reads a whole
// row of a and a whole column of b from memory, byte by byte. The story's first chapter, and a second oracle.
//
// Four int8 lie in a word, the first lowest. Rows are padded to whole words.
//
// Generated constants: M, N, K (sizes), A_WORDS, B_WORDS (words in a row of a, of b), BT (b is n × k), GROUP_X, GROUP_Y.

@group(0) @binding(0) var<storage, read> a: array<u32>;
@group(0) @binding(1) var<storage, read> b: array<u32>;
@group(0) @binding(2) var<storage, read_write> c: array<i32>;

// Element i of a row, given the word that holds it.
fn byteOf(word: u32, i: u32) -> i32 {
  return extractBits(i32(word), 8 * (i % 4), 8);
}

@compute @workgroup_size(GROUP_X, GROUP_Y)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let column = id.x;
  let row = id.y;
  if (row >= M || column >= N) {
    return;
  }
  let batchA = id.z * M * A_WORDS;
  let batchB = id.z * select(K, N, BT) * B_WORDS;
  var sum = 0;
  for (var k = 0u; k < K; k++) {
    let left = byteOf(a[batchA + row * A_WORDS + k / 4], k);
    if (BT) {
      sum += left * byteOf(b[batchB + column * B_WORDS + k / 4], k);
    } else {
      sum += left * byteOf(b[batchB + k * B_WORDS + column / 4], column);
    }
  }
  c[(id.z * M + row) * N + column] = sum;
}
