// matmul/i8, register-tiled: each invocation computes 4·ROWS4 × 4·VECTORS elements of c in registers, four products at a
// time with dot4I8Packed, so that with 8 × 8 elements 16 words from workgroup memory serve 64 dot products.
//
// Tiles of a and b lie in workgroup memory as words of four bytes along k, one vec4 for four rows of a or four columns
// of b, so that a step along k reads vec4 only. What is fetched is a quad: four rows or columns by 16 bytes, turned in
// registers. The next tile is fetched into registers while this one is computed.
//
// The host pads a, b and c with zeros to whole tiles, so no load or store needs a bounds test.
//
// Generated constants: M, N, K (padded sizes), GROUP_X, GROUP_Y (workgroup size), ROWS4, VECTORS (per invocation, in
// fours), TILE_K4 (depth of a step in words, a multiple of 4).

const TILE_M4 = GROUP_Y * ROWS4;
const TILE_N4 = GROUP_X * VECTORS;
const WIDTH = TILE_M4 + TILE_N4;
const THREADS = GROUP_X * GROUP_Y;
const DEPTH = TILE_K4 / 4; // in quads
const QUADS_A = TILE_M4 * DEPTH;
const QUADS = WIDTH * DEPTH;
const PER_THREAD = (QUADS + THREADS - 1) / THREADS;

@group(0) @binding(0) var<storage, read> a: array<vec4<u32>>;
@group(0) @binding(2) var<storage, read_write> c: array<vec4<i32>>;

// Of each word along k first the rows of a, then the columns of b.
var<workgroup> tile: array<vec4<u32>, TILE_K4 * WIDTH>;

// Place of a quad in the tile: which four rows or columns, which four words along k.
fn placeOf(quad: u32) -> vec2<u32> {
  if (quad < QUADS_A) {
    return vec2(quad / DEPTH, quad % DEPTH);
  }
  let i = quad - QUADS_A;
  // Neighbours take what lies together in memory.
  if (COLUMNS_LIE_TOGETHER) {
    return vec2(TILE_M4 + i % TILE_N4, i / TILE_N4);
  }
  return vec2(TILE_M4 + i / DEPTH, i % DEPTH);
}

@compute @workgroup_size(GROUP_X, GROUP_Y)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,
  @builtin(local_invocation_index) thread: u32,
) {
  let firstRow4 = group.y * TILE_M4;
  let firstColumn4 = group.x * TILE_N4;
  var next: array<array<vec4<u32>, 4>, PER_THREAD>;
  var sum: array<array<vec4<i32>, VECTORS>, 4 * ROWS4>;
  // One turn more than there are tiles: a turn fetches its tile and computes the one before.
  for (var step = 0u; step <= K / 4 / TILE_K4; step++) {
    if (step < K / 4 / TILE_K4) {
      for (var i = 0u; i < PER_THREAD; i++) {
        let quad = thread + i * THREADS;
        if (quad < QUADS) {
          let place = placeOf(quad);
          let k16 = step * DEPTH + place.y;
          if (quad < QUADS_A) {
            let at = (group.z * M + 4 * (firstRow4 + place.x)) * (K / 16) + k16;
            next[i] = turned(a[at], a[at + K / 16], a[at + 2 * (K / 16)], a[at + 3 * (K / 16)]);
          } else {
            next[i] = rightQuad(group.z, firstColumn4 + place.x - TILE_M4, k16);
          }
        }
      }
    }
    if (step > 0) {
      for (var k = 0u; k < TILE_K4; k++) {
        var right: array<vec4<u32>, VECTORS>;
        for (var v = 0u; v < VECTORS; v++) {
          right[v] = tile[k * WIDTH + TILE_M4 + v * GROUP_X + local.x];
        }
        for (var r = 0u; r < ROWS4; r++) {
          let left = tile[k * WIDTH + r * GROUP_Y + local.y];
          for (var v = 0u; v < VECTORS; v++) {
            sum[4 * r][v] += dots(left.x, right[v]);
            sum[4 * r + 1][v] += dots(left.y, right[v]);
            sum[4 * r + 2][v] += dots(left.z, right[v]);
            sum[4 * r + 3][v] += dots(left.w, right[v]);
          }
        }
      }
    }
    workgroupBarrier();
    for (var i = 0u; i < PER_THREAD; i++) {
      let quad = thread + i * THREADS;
      if (quad < QUADS) {
        let place = placeOf(quad);
        for (var w = 0u; w < 4; w++) {
          tile[(4 * place.y + w) * WIDTH + place.x] = next[i][w];
        }
      }
    }
    workgroupBarrier();
  }
  for (var r = 0u; r < 4 * ROWS4; r++) {
    let row = 4 * (firstRow4 + (r / 4) * GROUP_Y + local.y) + r % 4;
    for (var v = 0u; v < VECTORS; v++) {
      c[(group.z * M + row) * (N / 4) + firstColumn4 + v * GROUP_X + local.x] = sum[r][v];
    }
  }
}
