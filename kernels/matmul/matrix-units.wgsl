// matmul/f16, matrix units: products of small matrices by the adapter's matrix instructions, which do hundreds of
// multiply-adds each. A workgroup computes TILE_M × TILE_N of c; its subgroups lie SUBGROUPS_M by SUBGROUPS_N over that
// tile, and each keeps its part in as many result matrices. Both factors come through workgroup memory, TILE_K deep,
// 16 bytes at a time; rows there are 16 bytes longer than their data, so that those that a matrix load reads together
// lie in different banks. While one step is multiplied the next one is under way from memory into registers.
//
// Sums are f32 or f16, as `Sum` says. The matrices' elements cannot be reached one by one, nor turned into f16, so c
// goes through workgroup memory once more, one matrix per subgroup at a time.
//
// The host pads a, b and c with zeros to whole tiles, so no load or store needs a bounds test. A subgroup may be
// smaller than the largest, so that there are more of them than parts: those then only fetch.
//
// Generated: the alias Sum; the constants M, N, K (padded sizes), TRANSPOSE_B (b is N × K), UNIT_M, UNIT_N, UNIT_K (size
// of a matrix product), TILE_M, TILE_N, TILE_K, SUBGROUPS_M, SUBGROUPS_N, GROUP (invocations: so many subgroups of the
// largest size).

alias Left = subgroup_matrix_left<f16, UNIT_K, UNIT_M>;
alias Right = subgroup_matrix_right<f16, UNIT_N, UNIT_K>;
alias Result = subgroup_matrix_result<Sum, UNIT_N, UNIT_M>;

const SUBGROUPS = SUBGROUPS_M * SUBGROUPS_N;
const PART_M = TILE_M / SUBGROUPS_M; // of the tile, for a subgroup
const PART_N = TILE_N / SUBGROUPS_N;
const RESULTS_M = PART_M / UNIT_M;
const RESULTS_N = PART_N / UNIT_N;

// Pieces of 16 bytes, eight f16. b's tile is as b is given: TILE_K rows of TILE_N, or TILE_N rows of TILE_K.
const ROW_A = TILE_K / 8;
const ROWS_B = select(TILE_K, TILE_N, TRANSPOSE_B);
const ROW_B = select(TILE_N, TILE_K, TRANSPOSE_B) / 8;
const PIECES_A = TILE_M * ROW_A;
const PIECES_B = ROWS_B * ROW_B;
const LOADS_A = (PIECES_A + GROUP - 1) / GROUP; // per invocation
const LOADS_B = (PIECES_B + GROUP - 1) / GROUP;
const STRIDE_A = ROW_A + 1;
const STRIDE_B = ROW_B + 1;

@group(0) @binding(0) var<storage, read> a: array<vec4<u32>>;
@group(0) @binding(1) var<storage, read> b: array<vec4<u32>>;
@group(0) @binding(2) var<storage, read_write> c: array<vec4<f16>>;

// A matrix load counts its place and stride in pieces.
var<workgroup> tileA: array<vec4<u32>, TILE_M * STRIDE_A>;
var<workgroup> tileB: array<vec4<u32>, ROWS_B * STRIDE_B>;
var<workgroup> finished: array<Sum, SUBGROUPS * UNIT_M * UNIT_N>;

// Which subgroup an invocation is in is the same for all of it, which the compiler cannot see.
@compute @workgroup_size(GROUP)
@diagnostic(off, chromium.subgroup_matrix_uniformity)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_index) thread: u32,
  @builtin(subgroup_invocation_id) lane: u32,
  @builtin(subgroup_size) lanes: u32,
  @builtin(subgroup_id) subgroup: u32,
) {
  let row = group.z * M + group.y * TILE_M; // group.z: the product of the batch
  let column = group.x * TILE_N;
  let partM = subgroup / SUBGROUPS_N * PART_M;
  let partN = subgroup % SUBGROUPS_N * PART_N;
  let computes = subgroup < SUBGROUPS;

  var sum: array<array<Result, RESULTS_N>, RESULTS_M>;
  var nextA: array<vec4<u32>, LOADS_A>;
  var nextB: array<vec4<u32>, LOADS_B>;
  for (var i = 0u; i < LOADS_A; i++) {
    nextA[i] = pieceA(thread + i * GROUP, row, 0);
  }
  for (var i = 0u; i < LOADS_B; i++) {
    nextB[i] = pieceB(thread + i * GROUP, group.z, column, 0);
  }
  for (var base = 0u; base < K; base += TILE_K) {
    for (var i = 0u; i < LOADS_A; i++) {
      let piece = thread + i * GROUP;
      if (piece < PIECES_A) {
        tileA[piece / ROW_A * STRIDE_A + piece % ROW_A] = nextA[i];
      }
    }
    for (var i = 0u; i < LOADS_B; i++) {
      let piece = thread + i * GROUP;
      if (piece < PIECES_B) {
        tileB[piece / ROW_B * STRIDE_B + piece % ROW_B] = nextB[i];
      }
    }
    workgroupBarrier();
    if (base + TILE_K < K) {
      for (var i = 0u; i < LOADS_A; i++) {
        nextA[i] = pieceA(thread + i * GROUP, row, base + TILE_K);
      }
      for (var i = 0u; i < LOADS_B; i++) {
        nextB[i] = pieceB(thread + i * GROUP, group.z, column, base + TILE_K);
      }
    }
    if (computes) {
      for (var k = 0u; k < TILE_K; k += UNIT_K) {
        var right: array<Right, RESULTS_N>;
        for (var j = 0u; j < RESULTS_N; j++) {
          let n = partN + j * UNIT_N;
          if (TRANSPOSE_B) {
            right[j] = subgroupMatrixLoad<Right, col_major>(&tileB, n * STRIDE_B + k / 8, STRIDE_B);
          } else {
            right[j] = subgroupMatrixLoad<Right, row_major>(&tileB, k * STRIDE_B + n / 8, STRIDE_B);
          }
        }
        for (var i = 0u; i < RESULTS_M; i++) {
          let left = subgroupMatrixLoad<Left, row_major>(&tileA, (partM + i * UNIT_M) * STRIDE_A + k / 8, STRIDE_A);
          for (var j = 0u; j < RESULTS_N; j++) {
            sum[i][j] = subgroupMatrixMultiplyAccumulate(left, right[j], sum[i][j]);
          }
        }
      }
    }
    workgroupBarrier();
  }

  let own = subgroup * UNIT_M * UNIT_N;
  for (var i = 0u; i < RESULTS_M; i++) {
    for (var j = 0u; j < RESULTS_N; j++) {
      if (computes) {
        subgroupMatrixStore<row_major>(&finished, own, sum[i][j], UNIT_N);
      }
      workgroupBarrier();
      if (computes) {
        for (var at = lane; at < UNIT_M * UNIT_N / 4; at += lanes) {
          let first = own + 4 * at;
          let four = vec4(finished[first], finished[first + 1], finished[first + 2], finished[first + 3]);
          let m = row + partM + i * UNIT_M + at / (UNIT_N / 4);
          let n = column + partN + j * UNIT_N;
          c[m * (N / 4) + n / 4 + at % (UNIT_N / 4)] = vec4<f16>(four);
        }
      }
      workgroupBarrier();
    }
  }
}

fn pieceA(piece: u32, row: u32, k: u32) -> vec4<u32> {
  if (piece >= PIECES_A) {
    return vec4<u32>();
  }
  return a[(row + piece / ROW_A) * (K / 8) + k / 8 + piece % ROW_A];
}

fn pieceB(piece: u32, product: u32, column: u32, k: u32) -> vec4<u32> {
  if (piece >= PIECES_B) {
    return vec4<u32>();
  }
  if (TRANSPOSE_B) {
    return b[(product * N + column + piece / ROW_B) * (K / 8) + k / 8 + piece % ROW_B];
  }
  return b[(product * K + k + piece / ROW_B) * (N / 8) + column / 8 + piece % ROW_B];
}
