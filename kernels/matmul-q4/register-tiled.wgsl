// matmul/q4, register-tiled: for many rows of a, where every weight is used often and arithmetic is the limit. Each
// invocation computes 4·ROWS4 × 4·VECTORS elements of c in registers. Weights become numbers once, on their way into
// workgroup memory, and serve all rows of the tile from there.
//
// Tiles of a and of weights lie in workgroup memory as f32, one vec4 for four rows of a or four columns of c, so that a
// step along k reads vec4 only. What is fetched is a quad: four rows or columns by four elements along k. The next tile
// is fetched, as it lies in memory, into registers while this one is computed.
//
// Two f16 lie in a word, the first lowest, and arithmetic is f32, so this needs no `shader-f16`.
//
// The host pads a with rows of zeros and weights with rows of scale 0, so no load or store needs a bounds test.
//
// Generated constants: N (padded), BLOCKS (blocks in a row of weights), GROUP_X, GROUP_Y (workgroup size), ROWS4, VECTORS
// (per invocation, in fours), TILE_K (depth of a step: 4, 8, 16 or 32).

const TILE_M4 = GROUP_Y * ROWS4;
const TILE_N4 = GROUP_X * VECTORS;
const WIDTH = TILE_M4 + TILE_N4;
const THREADS = GROUP_X * GROUP_Y;
const DEPTH = TILE_K / 4; // in quads
const QUADS_A = TILE_M4 * DEPTH;
const QUADS = WIDTH * DEPTH;
const PER_THREAD = (QUADS + THREADS - 1) / THREADS;
const STEPS = BLOCKS * 32 / TILE_K;

@group(0) @binding(0) var<storage, read> a: array<vec2<u32>>;
@group(0) @binding(1) var<storage, read> weights: array<u32>;
@group(0) @binding(2) var<storage, read> scales: array<u32>;
@group(0) @binding(3) var<storage, read_write> c: array<vec2<u32>>;

// Of each element along k first the rows of a, then the columns of c.
var<workgroup> tile: array<vec4<f32>, TILE_K * WIDTH>;

// A quad of a, two words a row; or of weights, in x the words that hold them and in y those that hold their scales.
struct Raw {
  x: vec4<u32>,
  y: vec4<u32>,
}

fn fetch(quad: u32, firstRow4: u32, firstColumn4: u32, step: u32) -> Raw {
  let k4 = step * DEPTH + quad % DEPTH;
  if (quad < QUADS_A) {
    let at = 4 * (firstRow4 + quad / DEPTH) * (8 * BLOCKS) + k4;
    return Raw(vec4(a[at], a[at + 8 * BLOCKS]), vec4(a[at + 16 * BLOCKS], a[at + 24 * BLOCKS]));
  }
  let column = 4 * (firstColumn4 + (quad - QUADS_A) / DEPTH);
  let word = column * (4 * BLOCKS) + k4 / 2;
  let place = column * BLOCKS + k4 / 8;
  return Raw(
    vec4(weights[word], weights[word + 4 * BLOCKS], weights[word + 8 * BLOCKS], weights[word + 12 * BLOCKS]),
    vec4(
      scales[place / 2],
      scales[(place + BLOCKS) / 2],
      scales[(place + 2 * BLOCKS) / 2],
      scales[(place + 3 * BLOCKS) / 2],
    ),
  );
}

// A quad as numbers: of each element along k one vec4.
fn numbers(raw: Raw, quad: u32, firstColumn4: u32, step: u32) -> array<vec4<f32>, 4> {
  if (quad < QUADS_A) {
    let low = array(unpack2x16float(raw.x.x), unpack2x16float(raw.x.z), unpack2x16float(raw.y.x), unpack2x16float(raw.y.z));
    let high = array(unpack2x16float(raw.x.y), unpack2x16float(raw.x.w), unpack2x16float(raw.y.y), unpack2x16float(raw.y.w));
    return array(
      vec4(low[0].x, low[1].x, low[2].x, low[3].x),
      vec4(low[0].y, low[1].y, low[2].y, low[3].y),
      vec4(high[0].x, high[1].x, high[2].x, high[3].x),
      vec4(high[0].y, high[1].y, high[2].y, high[3].y),
    );
  }
  let k4 = step * DEPTH + quad % DEPTH;
  let place = vec4(4 * (firstColumn4 + (quad - QUADS_A) / DEPTH) * BLOCKS + k4 / 8) + vec4(0, 1, 2, 3) * BLOCKS;
  // The scale's half of its word.
  let half = raw.y >> (16 * (place % 2));
  let scale = vec4(
    unpack2x16float(half.x).x,
    unpack2x16float(half.y).x,
    unpack2x16float(half.z).x,
    unpack2x16float(half.w).x,
  );
  let nibbles = raw.x >> vec4(16 * (k4 % 2));
  return array(
    scale * (vec4<f32>(nibbles & vec4(15)) - 8),
    scale * (vec4<f32>((nibbles >> vec4(4)) & vec4(15)) - 8),
    scale * (vec4<f32>((nibbles >> vec4(8)) & vec4(15)) - 8),
    scale * (vec4<f32>((nibbles >> vec4(12)) & vec4(15)) - 8),
  );
}

@compute @workgroup_size(GROUP_X, GROUP_Y)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,
  @builtin(local_invocation_index) thread: u32,
) {
  let firstRow4 = group.y * TILE_M4;
  let firstColumn4 = group.x * TILE_N4;
  var next: array<Raw, PER_THREAD>;
  var sum: array<array<vec4<f32>, VECTORS>, 4 * ROWS4>;
  // One turn more than there are tiles: a turn fetches its tile and computes the one before.
  for (var step = 0u; step <= STEPS; step++) {
    if (step < STEPS) {
      for (var i = 0u; i < PER_THREAD; i++) {
        let quad = thread + i * THREADS;
        if (quad < QUADS) {
          next[i] = fetch(quad, firstRow4, firstColumn4, step);
        }
      }
    }
    if (step > 0) {
      for (var k = 0u; k < TILE_K; k++) {
        var right: array<vec4<f32>, VECTORS>;
        for (var v = 0u; v < VECTORS; v++) {
          right[v] = tile[k * WIDTH + TILE_M4 + v * GROUP_X + local.x];
        }
        for (var r = 0u; r < ROWS4; r++) {
          let left = tile[k * WIDTH + r * GROUP_Y + local.y];
          for (var v = 0u; v < VECTORS; v++) {
            sum[4 * r][v] = fma(vec4(left.x), right[v], sum[4 * r][v]);
            sum[4 * r + 1][v] = fma(vec4(left.y), right[v], sum[4 * r + 1][v]);
            sum[4 * r + 2][v] = fma(vec4(left.z), right[v], sum[4 * r + 2][v]);
            sum[4 * r + 3][v] = fma(vec4(left.w), right[v], sum[4 * r + 3][v]);
          }
        }
      }
    }
    workgroupBarrier();
    for (var i = 0u; i < PER_THREAD; i++) {
      let quad = thread + i * THREADS;
      if (quad < QUADS) {
        let four = numbers(next[i], quad, firstColumn4, step);
        let x = select(TILE_M4 + (quad - QUADS_A) / DEPTH, quad / DEPTH, quad < QUADS_A);
        for (var k = 0u; k < 4; k++) {
          tile[(4 * (quad % DEPTH) + k) * WIDTH + x] = four[k];
        }
      }
    }
    workgroupBarrier();
  }
  for (var r = 0u; r < 4 * ROWS4; r++) {
    let row = 4 * (firstRow4 + (r / 4) * GROUP_Y + local.y) + r % 4;
    for (var v = 0u; v < VECTORS; v++) {
      let four = sum[r][v];
      c[row * (N / 4) + firstColumn4 + v * GROUP_X + local.x] = vec2(pack2x16float(four.xy), pack2x16float(four.zw));
    }
  }
}
