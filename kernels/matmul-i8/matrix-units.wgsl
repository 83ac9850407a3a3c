// matmul/i8, matrix units: products are left to the adapter's matrix units (16 × 16 × 32 on NVIDIA's). A workgroup
// computes TILE_M × TILE_N elements of c in steps of 64 along k; each of its subgroups a part of SUB_M × SUB_N, as
// results in registers. The next step is fetched into registers while this one is computed.
//
// Rows of the tiles are 16 bytes further apart than they are long: rows that a matrix takes together then begin in
// different banks.
//
// The host pads a, b and c with zeros to whole tiles, so no load or store needs a bounds test.
//
// Generated: the constants M, N, K (padded sizes), MATRIX_M, MATRIX_N, MATRIX_K (the units' own size), TILE_M, TILE_N,
// SUB_M, SUB_N, GROUP (invocations: a subgroup of the largest size for each part); the module `matrix-rows` or
// `matrix-columns` has what depends on how b lies in memory.

const SUBGROUPS = (TILE_M / SUB_M) * (TILE_N / SUB_N);
const ROWS = SUB_M / MATRIX_M;
const COLUMNS = SUB_N / MATRIX_N;
const STRIDE_A = 20u; // in words, 16 of them data
// 16 bytes each; b has as many along n as along k.
const LOADS_A = TILE_M * 4;
const LOADS_B = TILE_N * 4;
const PER_THREAD_A = (LOADS_A + GROUP - 1) / GROUP;
const PER_THREAD_B = (LOADS_B + GROUP - 1) / GROUP;

alias Left = subgroup_matrix_left<i8, MATRIX_K, MATRIX_M>;
alias Result = subgroup_matrix_result<i32, MATRIX_N, MATRIX_M>;

@group(0) @binding(0) var<storage, read> a: array<vec4<u32>>;
@group(0) @binding(2) var<storage, read_write> c: array<i32>;

var<workgroup> tileA: array<u32, TILE_M * STRIDE_A>;

// Offsets are the same for all of a subgroup, which the compiler cannot see.
@compute @workgroup_size(GROUP)
@diagnostic(off, chromium.subgroup_matrix_uniformity)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_index) thread: u32,
  @builtin(subgroup_id) subgroup: u32,
) {
  let firstRow = group.z * M + group.y * TILE_M;
  let firstColumn = group.x * TILE_N;
  // Where subgroups are smaller than they might be there are more of them, and the last ones only fetch.
  let computes = subgroup < SUBGROUPS;
  let partRow = (subgroup / (TILE_N / SUB_N)) * SUB_M;
  let partColumn = (subgroup % (TILE_N / SUB_N)) * SUB_N;
  var sum: array<array<Result, COLUMNS>, ROWS>;
  var nextA: array<vec4<u32>, PER_THREAD_A>;
  var nextB: array<vec4<u32>, PER_THREAD_B>;
  // One turn more than there are steps: a turn fetches its step and computes the one before.
  for (var step = 0u; step <= K / 64; step++) {
    if (step < K / 64) {
      for (var i = 0u; i < PER_THREAD_A; i++) {
        let load = thread + i * GROUP;
        if (load < LOADS_A) {
          nextA[i] = a[(firstRow + load / 4) * (K / 16) + 4 * step + load % 4];
        }
      }
      for (var i = 0u; i < PER_THREAD_B; i++) {
        let load = thread + i * GROUP;
        if (load < LOADS_B) {
          nextB[i] = fetchRight(group.z, firstColumn, step, load);
        }
      }
    }
    if (step > 0 && computes) {
      for (var k = 0u; k < 64; k += MATRIX_K) {
        var right: array<Right, COLUMNS>;
        for (var j = 0u; j < COLUMNS; j++) {
          right[j] = rightAt(partColumn + j * MATRIX_N, k);
        }
        for (var i = 0u; i < ROWS; i++) {
          let left = subgroupMatrixLoad<Left, row_major>(&tileA, (partRow + i * MATRIX_M) * STRIDE_A + k / 4, STRIDE_A);
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
        for (var w = 0u; w < 4; w++) {
          tileA[(load / 4) * STRIDE_A + 4 * (load % 4) + w] = nextA[i][w];
        }
      }
    }
    for (var i = 0u; i < PER_THREAD_B; i++) {
      let load = thread + i * GROUP;
      if (load < LOADS_B) {
        for (var w = 0u; w < 4; w++) {
          tileB[placeRight(load) + w] = nextB[i][w];
        }
      }
    }
    workgroupBarrier();
  }
  if (computes) {
    for (var i = 0u; i < ROWS; i++) {
      for (var j = 0u; j < COLUMNS; j++) {
        let at = (firstRow + partRow + i * MATRIX_M) * N + firstColumn + partColumn + j * MATRIX_N;
        subgroupMatrixStore<row_major>(&c, at, sum[i][j], N);
      }
    }
  }
}
