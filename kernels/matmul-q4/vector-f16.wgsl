// matmul/q4, vector in f16: as `vector`, but weights become f16 two at a time, and products are f16 two at a time: half
// the instructions for a weight, where they and not memory would be the limit. Four bits or-ed into the fraction of 1024
// are 1024 + w, and subtracting 1032 leaves w − 8, both exact. Of a word that gives elements 0 and 4, 1 and 5, …, so
// activations are laid in such pairs, once for ROWS rows. Only the four products of each half of a word are added up in
// f16, the rest in f32: activations up to 2000 cannot overflow.
//
// The host pads weights with rows of scale 0 and a with rows of zeros, so no load or store needs a bounds test.
//
// Generated constants: N (padded), BLOCKS (blocks in a row of weights), GROUP (invocations), ROWS (even), ROWS_A.

@group(0) @binding(0) var<storage, read> a: array<vec4<u32>>;
@group(0) @binding(1) var<storage, read> weights: array<vec4<u32>>;
@group(0) @binding(2) var<storage, read> scales: array<u32>;

// Eight activations: elements 0 and 4, 1 and 5, 2 and 6, 3 and 7.
fn pairs(words: vec4<u32>) -> array<vec2<f16>, 4> {
  let low = bitcast<vec4<f16>>(words.xy);
  let high = bitcast<vec4<f16>>(words.zw);
  return array(vec2(low.x, high.x), vec2(low.y, high.y), vec2(low.z, high.z), vec2(low.w, high.w));
}

fn weightPair(word: u32) -> vec2<f16> {
  return bitcast<vec2<f16>>((word & 0x000f000f) | 0x64006400) - 1032;
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
    var left: array<array<array<vec2<f16>, 4>, 4>, ROWS_A>;
    for (var i = 0u; i < ROWS_A; i++) {
      for (var w = 0u; w < 4; w++) {
        left[i][w] = pairs(a[((firstA + i) * BLOCKS + block) * 4 + w]);
      }
    }
    var words: array<vec4<u32>, ROWS>;
    for (var r = 0u; r < ROWS; r++) {
      words[r] = weights[(firstRow + r) * BLOCKS + block];
    }
    for (var r = 0u; r < ROWS; r++) {
      let place = (firstRow + r) * BLOCKS + block;
      let scale = unpack2x16float(scales[place / 2])[place % 2];
      var product = array<vec2<f32>, ROWS_A>();
      for (var w = 0u; w < 4; w++) {
        let word = words[r][w];
        let p0 = weightPair(word);
        let p1 = weightPair(word >> 4);
        let p2 = weightPair(word >> 8);
        let p3 = weightPair(word >> 12);
        for (var i = 0u; i < ROWS_A; i++) {
          let four = fma(p3, left[i][w][3], fma(p2, left[i][w][2], fma(p1, left[i][w][1], p0 * left[i][w][0])));
          product[i] += vec2<f32>(four);
        }
      }
      for (var i = 0u; i < ROWS_A; i++) {
        sum[i][r] = fma(scale, product[i].x + product[i].y, sum[i][r]);
      }
    }
  }
  bringTogether(sum, Place(firstRow, firstA, local, lane, lanes));
}
