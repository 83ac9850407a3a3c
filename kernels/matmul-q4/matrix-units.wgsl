// matmul/q4, matrix units: for many rows of a. Weights become f16 once, on their way into workgroup memory, and products
// are left to the adapter's matrix units (16 × 16 × 16 on NVIDIA's). A workgroup computes TILE_M × TILE_N elements of c
// in steps of a block, 32 along k; each of its subgroups a part of SUB_M × SUB_N, as results in registers.
//
// Rows of the tiles are 40 f16 apart instead of 32: rows that a matrix takes together then begin in different banks.
// The next step is fetched, as it lies in memory, into registers while this one is computed. Four bits become f16 two at
// a time: or-ed into the fraction of 1024 they are 1024 + w, and subtracting 1032 leaves w − 8, both exact.
//
// The host pads a with rows of zeros and weights with rows of scale 0, so no load or store needs a bounds test.
//
// Generated: the alias Sum (f32 or f16, what products are added up in); the constants N (padded), BLOCKS (blocks in a row
// of weights), MATRIX_M, MATRIX_N, MATRIX_K (the units' own size), TILE_M, TILE_N, SUB_M, SUB_N, GROUP (invocations: a
// subgroup of the largest size for each part).

const STRIDE = 10u; // of the tiles' rows, in vec4
const SUBGROUPS = (TILE_M / SUB_M) * (TILE_N / SUB_N);
const ROWS = SUB_M / MATRIX_M;
const COLUMNS = SUB_N / MATRIX_N;
const MATRIX = MATRIX_M * MATRIX_N;
// 16 bytes of a, 8 of weights.
const LOADS_A = TILE_M * 4;
const LOADS_W = TILE_N * 2;
const PER_THREAD_A = (LOADS_A + GROUP - 1) / GROUP;
const PER_THREAD_W = (LOADS_W + GROUP - 1) / GROUP;

alias Left = subgroup_matrix_left<f16, MATRIX_K, MATRIX_M>;
alias Right = subgroup_matrix_right<f16, MATRIX_N, MATRIX_K>;
alias Result = subgroup_matrix_result<Sum, MATRIX_N, MATRIX_M>;

@group(0) @binding(0) var<storage, read> a: array<vec4<u32>>;
@group(0) @binding(1) var<storage, read> weights: array<vec2<u32>>;
@group(0) @binding(2) var<storage, read> scales: array<u32>;
@group(0) @binding(3) var<storage, read_write> c: array<u32>;

var<workgroup> tileA: array<vec4<f16>, TILE_M * STRIDE>; // row by row
var<workgroup> tileW: array<vec4<f16>, TILE_N * STRIDE>; // column of c by column
// One result of each subgroup on its way to c.
var<workgroup> results: array<Sum, SUBGROUPS * MATRIX>;

// Elements 0 and 4, 1 and 5, … of the eight in a word, as they come out of it.
fn pairOf(word: u32) -> vec2<f16> {
  return bitcast<vec2<f16>>((word & 0x000f000f) | 0x64006400) - 1032;
}

fn storeWeights(at: u32, word: u32, scale: f16) {
  let p0 = pairOf(word);
  let p1 = pairOf(word >> 4);
  let p2 = pairOf(word >> 8);
  let p3 = pairOf(word >> 12);
  tileW[at] = scale * vec4(p0.x, p1.x, p2.x, p3.x);
  tileW[at + 1] = scale * vec4(p0.y, p1.y, p2.y, p3.y);
}

// Offsets are the same for all of a subgroup, which the compiler cannot see.
@compute @workgroup_size(GROUP)
@diagnostic(off, chromium.subgroup_matrix_uniformity)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_index) thread: u32,
  @builtin(subgroup_id) subgroup: u32,
) {
  let firstRow = group.y * TILE_M;
  let firstColumn = group.x * TILE_N;
  // Where subgroups are smaller than they might be there are more of them, and the last ones only fetch.
  let computes = subgroup < SUBGROUPS;
  let partRow = (subgroup / (TILE_N / SUB_N)) * SUB_M;
  let partColumn = (subgroup % (TILE_N / SUB_N)) * SUB_N;
  var sum: array<array<Result, COLUMNS>, ROWS>;
  var nextA: array<vec4<u32>, PER_THREAD_A>;
  var nextW: array<vec2<u32>, PER_THREAD_W>;
  var nextScale: array<u32, PER_THREAD_W>;
  // One turn more than there are blocks: a turn fetches its block and computes the one before.
  for (var block = 0u; block <= BLOCKS; block++) {
    if (block < BLOCKS) {
      for (var i = 0u; i < PER_THREAD_A; i++) {
        let load = thread + i * GROUP;
        if (load < LOADS_A) {
          nextA[i] = a[((firstRow + load / 4) * BLOCKS + block) * 4 + load % 4];
        }
      }
      for (var i = 0u; i < PER_THREAD_W; i++) {
        let load = thread + i * GROUP;
        if (load < LOADS_W) {
          let place = (firstColumn + load / 2) * BLOCKS + block;
          nextW[i] = weights[place * 2 + load % 2];
          nextScale[i] = scales[place / 2] >> (16 * (place % 2));
        }
      }
    }
    if (block > 0 && computes) {
      for (var k = 0u; k < 32; k += MATRIX_K) {
        var right: array<Right, COLUMNS>;
        for (var j = 0u; j < COLUMNS; j++) {
          right[j] = subgroupMatrixLoad<Right, col_major>(&tileW, (partColumn + j * MATRIX_N) * STRIDE + k / 4, STRIDE);
        }
        for (var i = 0u; i < ROWS; i++) {
          let left = subgroupMatrixLoad<Left, row_major>(&tileA, (partRow + i * MATRIX_M) * STRIDE + k / 4, STRIDE);
          for (var j = 0u; j < COLUMNS; j++) {
            sum[i][j] = subgroupMatrixMultiplyAccumulate(left, right[j], sum[i][j]);
          }
        }
      }
    }
    workgroupBarrier();
    for (var i = 0u; i < PER_THREAD_A; i++) {
      let load = thread + i * GROUP;
      if (load < LOADS_A) {
        let at = (load / 4) * STRIDE + 2 * (load % 4);
        tileA[at] = bitcast<vec4<f16>>(nextA[i].xy);
        tileA[at + 1] = bitcast<vec4<f16>>(nextA[i].zw);
      }
    }
    for (var i = 0u; i < PER_THREAD_W; i++) {
      let load = thread + i * GROUP;
      if (load < LOADS_W) {
        let at = (load / 2) * STRIDE + 4 * (load % 2);
        let scale = bitcast<vec2<f16>>(nextScale[i]).x;
        storeWeights(at, nextW[i].x, scale);
        storeWeights(at + 2, nextW[i].y, scale);
      }
    }
    workgroupBarrier();
  }
  for (var i = 0u; i < ROWS; i++) {
    for (var j = 0u; j < COLUMNS; j++) {
      if (computes) {
        subgroupMatrixStore<row_major>(&results, subgroup * MATRIX, sum[i][j], MATRIX_N);
      }
      workgroupBarrier();
      for (var at = 2 * thread; at < SUBGROUPS * MATRIX; at += 2 * GROUP) {
        let part = at / MATRIX;
        let place = at % MATRIX;
        let row = (part / (TILE_N / SUB_N)) * SUB_M + i * MATRIX_M + place / MATRIX_N;
        let column = (part % (TILE_N / SUB_N)) * SUB_N + j * MATRIX_N + place % MATRIX_N;
        let pair = vec2(f32(results[at]), f32(results[at + 1]));
        c[((firstRow + row) * N + firstColumn + column) / 2] = pack2x16float(pair);
      }
      workgroupBarrier();
    }
  }
}
