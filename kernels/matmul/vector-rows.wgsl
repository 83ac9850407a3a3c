// matmul, matrix–vector, for b given transposed, as weights are stored: few rows of a meet each row of b, so what counts
// is how fast b comes from memory. A workgroup reads COLUMNS rows of b, each once and side by side, and multiplies them
// by ROWS rows of a; each invocation takes every GROUP-th vec4 of all of them, and in the end the workgroup's sums are
// added up. Several rows at a time because a's values are then read once for all of them, and because many loads must
// be under way at once.
//
// The host pads a, b and c with zeros to whole vec4, rows of a to ROWS and rows of b to COLUMNS.
//
// Follows modules that say how numbers are stored (`Read`, `Written`) and how a workgroup adds up (`gather`, `fold`,
// `gathered`); sums are f32.
//
// Generated constants: M, N, K (padded sizes), GROUP (invocations per workgroup), ROWS, COLUMNS (per workgroup; COLUMNS a
// multiple of 4), OUTPUTS (ROWS · COLUMNS, at most 4 · GROUP).

@group(0) @binding(0) var<storage, read> a: array<Read>;
@group(0) @binding(1) var<storage, read> b: array<Read>;
@group(0) @binding(2) var<storage, read_write> c: array<Written>;

@compute @workgroup_size(GROUP)
fn main(@builtin(workgroup_id) group: vec3<u32>, place: Place) {
  let row = group.z * M + group.y * ROWS; // group.z: the product of the batch
  let column = group.x * COLUMNS;
  let firstA = row * (K / 4);
  let firstB = (group.z * N + column) * (K / 4);
  var sum: array<f32, OUTPUTS>;
  for (var k = place.thread; k < K / 4; k += GROUP) {
    var left: array<vec4<f32>, ROWS>;
    for (var r = 0u; r < ROWS; r++) {
      left[r] = widen(a[firstA + r * (K / 4) + k]);
    }
    for (var j = 0u; j < COLUMNS; j++) {
      let right = widen(b[firstB + j * (K / 4) + k]);
      for (var r = 0u; r < ROWS; r++) {
        let at = r * COLUMNS + j;
        sum[at] = fma(left[r].x, right.x, sum[at]);
        sum[at] = fma(left[r].y, right.y, sum[at]);
        sum[at] = fma(left[r].z, right.z, sum[at]);
        sum[at] = fma(left[r].w, right.w, sum[at]);
      }
    }
  }
  for (var output = 0u; output < OUTPUTS; output++) {
    gather(place, output, sum[output]);
  }
  fold(place);
  if (place.thread < OUTPUTS / 4) {
    let r = place.thread / (COLUMNS / 4);
    let j = place.thread % (COLUMNS / 4);
    let first = 4 * place.thread;
    c[(row + r) * (N / 4) + column / 4 + j] = narrow(vec4<f32>(
      gathered(place, first),
      gathered(place, first + 1),
      gathered(place, first + 2),
      gathered(place, first + 3),
    ));
  }
}
