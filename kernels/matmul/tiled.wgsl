// matmul/f32, tiled: a workgroup computes a TILE × TILE square of c. It steps along K, loading one
// square of a and one of b into workgroup memory, so that each value fetched from memory serves TILE
// invocations instead of one.
//
// Squares that hang over the edge are filled with zeros from both sides: 0 · 0 adds nothing, whereas a
// zero against a stray value would turn an infinity into NaN.
//
// Generated constants: M, N, K (sizes), TRANSPOSE_B (b is N × K), TILE (edge of the square; TILE² invocations).

@group(0) @binding(0) var<storage, read> a: array<f32>;
@group(0) @binding(1) var<storage, read> b: array<f32>;
@group(0) @binding(2) var<storage, read_write> c: array<f32>;

var<workgroup> tileA: array<f32, TILE * TILE>;
var<workgroup> tileB: array<f32, TILE * TILE>;

@compute @workgroup_size(TILE, TILE)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let column = group.x * TILE + local.x;
  let row = group.y * TILE + local.y;
  let slot = local.y * TILE + local.x;
  let firstA = group.z * M * K; // group.z: the product of the batch
  let firstB = group.z * K * N;
  var sum = 0.0;
  for (var base = 0u; base < K; base += TILE) {
    let kA = base + local.x;
    let kB = base + local.y;
    tileA[slot] = 0.0;
    if (row < M && kA < K) {
      tileA[slot] = a[firstA + row * K + kA];
    }
    if (TRANSPOSE_B) {
      // Neighbours read along a row of b, which is a column of the square.
      let columnB = group.x * TILE + local.y;
      tileB[local.x * TILE + local.y] = 0.0;
      if (kA < K && columnB < N) {
        tileB[local.x * TILE + local.y] = b[firstB + columnB * K + kA];
      }
    } else {
      tileB[slot] = 0.0;
      if (kB < K && column < N) {
        tileB[slot] = b[firstB + kB * N + column];
      }
    }
    workgroupBarrier();
    for (var k = 0u; k < TILE; k++) {
      sum = fma(tileA[local.y * TILE + k], tileB[k * TILE + local.x], sum);
    }
    workgroupBarrier();
  }
  if (row < M && column < N) {
    c[(group.z * M + row) * N + column] = sum;
  }
}
