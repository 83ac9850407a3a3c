// matmul/q4, vector: for one or a few rows of a, where every weight is used once or a few times and memory is the limit.
// A workgroup computes ROWS columns of c, which are rows of weights, for ROWS_A rows of a. Neighbouring invocations take
// neighbouring blocks along k, 16 bytes each, so that loads of weights are whole cache lines, and the 32 activations
// that a block meets are read once for ROWS rows. Weights become numbers in registers. The zero point of 8 is taken off
// once per block: Σ a·(w − 8) = Σ a·w − 8·Σ a. Sums meet at the end, by subgroup, then through workgroup memory.
//
// Two f16 lie in a word, and sums are f32, so this needs no `shader-f16`.
//
// The host pads weights with rows of scale 0 and a with rows of zeros, so no load or store needs a bounds test.
//
// Generated constants: N (padded), BLOCKS (blocks in a row of weights), GROUP (invocations), ROWS (even), ROWS_A.

@group(0) @binding(0) var<storage, read> a: array<vec4<u32>>;
@group(0) @binding(1) var<storage, read> weights: array<vec4<u32>>;
@group(0) @binding(2) var<storage, read> scales: array<u32>;

// Eight activations, those at even places and those at odd places as weights lie in a word.
struct Eight {
  even: vec4<f32>,
  odd: vec4<f32>,
}

fn activations(words: vec4<u32>) -> Eight {
  let p0 = unpack2x16float(words.x);
  let p1 = unpack2x16float(words.y);
  let p2 = unpack2x16float(words.z);
  let p3 = unpack2x16float(words.w);
  return Eight(vec4(p0.x, p1.x, p2.x, p3.x), vec4(p0.y, p1.y, p2.y, p3.y));
}

@compute @workgroup_size(GROUP)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
  @builtin(subgroup_invocation_id) lane: u32,
  @builtin(subgroup_size) lanes: u32,
) {
  let firstRow = group.x * ROWS;
  let firstA = group.y * ROWS_A;
  var sum: array<array<f32, ROWS>, ROWS_A>;
  for (var block = local; block < BLOCKS; block += GROUP) {
    var left: array<array<Eight, 4>, ROWS_A>;
    var total: array<f32, ROWS_A>;
    for (var i = 0u; i < ROWS_A; i++) {
      var all = vec4<f32>();
      for (var w = 0u; w < 4; w++) {
        left[i][w] = activations(a[((firstA + i) * BLOCKS + block) * 4 + w]);
        all += left[i][w].even + left[i][w].odd;
      }
      total[i] = 8 * dot(all, vec4(1.0));
    }
    var words: array<vec4<u32>, ROWS>;
    for (var r = 0u; r < ROWS; r++) {
      words[r] = weights[(firstRow + r) * BLOCKS + block];
    }
    for (var r = 0u; r < ROWS; r++) {
      let place = (firstRow + r) * BLOCKS + block;
      let scale = unpack2x16float(scales[place / 2])[place % 2];
      var product = array<vec4<f32>, ROWS_A>();
      for (var w = 0u; w < 4; w++) {
        let even = vec4<f32>(unpack4xU8(words[r][w] & 0x0f0f0f0f));
        let odd = vec4<f32>(unpack4xU8((words[r][w] >> 4) & 0x0f0f0f0f));
        for (var i = 0u; i < ROWS_A; i++) {
          product[i] = fma(even, left[i][w].even, fma(odd, left[i][w].odd, product[i]));
        }
      }
      for (var i = 0u; i < ROWS_A; i++) {
        sum[i][r] = fma(scale, dot(product[i], vec4(1.0)) - total[i], sum[i][r]);
      }
    }
  }
  bringTogether(sum, Place(firstRow, firstA, local, lane, lanes));
}
