// matmul, register-tiled: each invocation computes ROWS × (4·VECTORS) elements of c in registers, so
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
// Follows a module that says how numbers are stored (`Read`, `Written`); sums are f32.
//
// Generated constants: M, N, K (padded sizes), TRANSPOSE_B (b is N × K), GROUP_X, GROUP_Y (workgroup size), ROWS, VECTORS (per
// invocation), TILE_K (depth of one step, a multiple of 4).

const TILE_M = GROUP_Y * ROWS;
const TILE_N4 = GROUP_X * VECTORS; // in vec4
const THREADS = GROUP_X * GROUP_Y;
const LOADS_A = TILE_M * (TILE_K / 4); // vec4 loads per step
const LOADS_B = TILE_K * TILE_N4;

@group(0) @binding(0) var<storage, read> a: array<Read>;
@group(0) @binding(1) var<storage, read> b: array<Read>;
@group(0) @binding(2) var<storage, read_write> c: array<Written>;

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
  let firstRow = group.z * M + group.y * TILE_M; // group.z: the product of the batch
  let firstColumn = group.x * TILE_N4;
  let firstB = group.z * K * (N / 4);
  var sum: array<array<vec4<f32>, VECTORS>, ROWS>;
  for (var base = 0u; base < K; base += TILE_K) {
    for (var i = thread; i < LOADS_A; i += THREADS) {
      let row = i / (TILE_K / 4);
      let k = i % (TILE_K / 4);
      let v = widen(a[(firstRow + row) * (K / 4) + base / 4 + k]);
      tileA[(4 * k) * STRIDE_A + row] = v.x;
      tileA[(4 * k + 1) * STRIDE_A + row] = v.y;
      tileA[(4 * k + 2) * STRIDE_A + row] = v.z;
      tileA[(4 * k + 3) * STRIDE_A + row] = v.w;
    }
    if (TRANSPOSE_B) {
      // Squares of 4 × 4, turned in registers.
      for (var i = thread; i < LOADS_B / 4; i += THREADS) {
        let column = i / (TILE_K / 4);
        let k = i % (TILE_K / 4);
        let at = firstB + 4 * (firstColumn + column) * (K / 4) + base / 4 + k;
        let v0 = widen(b[at]);
        let v1 = widen(b[at + K / 4]);
        let v2 = widen(b[at + 2 * (K / 4)]);
        let v3 = widen(b[at + 3 * (K / 4)]);
        tileB[(4 * k) * TILE_N4 + column] = vec4<f32>(v0.x, v1.x, v2.x, v3.x);
        tileB[(4 * k + 1) * TILE_N4 + column] = vec4<f32>(v0.y, v1.y, v2.y, v3.y);
        tileB[(4 * k + 2) * TILE_N4 + column] = vec4<f32>(v0.z, v1.z, v2.z, v3.z);
        tileB[(4 * k + 3) * TILE_N4 + column] = vec4<f32>(v0.w, v1.w, v2.w, v3.w);
      }
    } else {
      for (var i = thread; i < LOADS_B; i += THREADS) {
        tileB[i] = widen(b[firstB + (base + i / TILE_N4) * (N / 4) + firstColumn + i % TILE_N4]);
      }
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
      c[row * (N / 4) + firstColumn + v * GROUP_X + local.x] = narrow(sum[r][v]);
    }
  }
}
