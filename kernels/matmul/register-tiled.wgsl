// matmul/f32, register-tiled: each invocation computes ROWS × (4·VECTORS) elements of c in registers, so
// that one value read from workgroup memory serves several multiplications: with 8 × 8 elements, 16
// floats are read for 64 fma, where `tiled` reads 2 for 1. Memory and workgroup memory are read 16 bytes
// at a time.
//
// An invocation's rows lie GROUP_Y apart and its vectors GROUP_X apart, so that neighbours touch
// neighbouring words: no bank conflicts, and stores to c are coalesced. a is kept transposed (K by M) so
// that a step along K reads rows that lie side by side.
//
// The host pads a, b and c with zeros to whole tiles, so no load or store needs a bounds test.
//
// Generated constants: K, N (padded sizes), GROUP_X, GROUP_Y (workgroup size), ROWS, VECTORS (per
// invocation), TILE_K (depth of one step, a multiple of 4).

const TILE_M = GROUP_Y * ROWS;
const TILE_N4 = GROUP_X * VECTORS; // in vec4
const THREADS = GROUP_X * GROUP_Y;
const LOADS_A = TILE_M * (TILE_K / 4); // vec4 loads per step
const LOADS_B = TILE_K * TILE_N4;

@group(0) @binding(0) var<storage, read> a: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> b: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> c: array<vec4<f32>>;

// One float of padding per row of a: without it the transposing store would hit one bank four times.
const STRIDE_A = TILE_M + 1;
var<workgroup> tileA: array<f32, TILE_K * STRIDE_A>;
var<workgroup> tileB: array<vec4<f32>, TILE_K * TILE_N4>;

@compute @workgroup_size(GROUP_X, GROUP_Y)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,
  @builtin(local_invocation_index) thread: u32,
) {
  let firstRow = group.y * TILE_M;
  let firstColumn = group.x * TILE_N4;
  var sum: array<array<vec4<f32>, VECTORS>, ROWS>;
  for (var base = 0u; base < K; base += TILE_K) {
    for (var i = thread; i < LOADS_A; i += THREADS) {
      let row = i / (TILE_K / 4);
      let k = i % (TILE_K / 4);
      let v = a[(firstRow + row) * (K / 4) + base / 4 + k];
      tileA[(4 * k) * STRIDE_A + row] = v.x;
      tileA[(4 * k + 1) * STRIDE_A + row] = v.y;
      tileA[(4 * k + 2) * STRIDE_A + row] = v.z;
      tileA[(4 * k + 3) * STRIDE_A + row] = v.w;
    }
    for (var i = thread; i < LOADS_B; i += THREADS) {
      tileB[i] = b[(base + i / TILE_N4) * (N / 4) + firstColumn + i % TILE_N4];
    }
    workgroupBarrier();
    for (var k = 0u; k < TILE_K; k++) {
      var right: array<vec4<f32>, VECTORS>;
      for (var v = 0u; v < VECTORS; v++) {
        right[v] = tileB[k * TILE_N4 + v * GROUP_X + local.x];
      }
      for (var r = 0u; r < ROWS; r++) {
        let left = vec4<f32>(tileA[k * STRIDE_A + r * GROUP_Y + local.y]);
        for (var v = 0u; v < VECTORS; v++) {
          sum[r][v] = fma(left, right[v], sum[r][v]);
        }
      }
    }
    workgroupBarrier();
  }
  for (var r = 0u; r < ROWS; r++) {
    let row = firstRow + r * GROUP_Y + local.y;
    for (var v = 0u; v < VECTORS; v++) {
      c[row * (N / 4) + firstColumn + v * GROUP_X + local.x] = sum[r][v];
    }
  }
}
