// llm, add-norm: adds the last product to the state x and normalises the sum for the next one, a workgroup per row; or
// begins a state with y, or takes it as it is. The last row of x goes into `trace` besides, for the oracle.
//
// Generated constants: ROWS, FIRST (first row that is normalised), PAIRS (pairs of elements in a row), GROUP (workgroup
// size, a power of two), CHANGE (x is to be another), SET (namely y, and not x + y), EPSILON.

@group(0) @binding(0) var<storage, read_write> x: array<vec2<f32>>;
@group(0) @binding(1) var<storage, read_write> y: array<u32>;
@group(0) @binding(2) var<storage, read> weight: array<u32>;
@group(0) @binding(3) var<storage, read_write> out: array<u32>;
@group(0) @binding(4) var<storage, read_write> trace: array<vec2<f32>>;

@compute @workgroup_size(GROUP)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let row = FIRST + group.x;
  var squares = 0f;
  for (var i = thread; i < PAIRS; i += GROUP) {
    var pair = x[row * PAIRS + i];
    if (CHANGE) {
      pair = select(pair, vec2<f32>(), SET) + unpack2x16float(y[row * PAIRS + i]);
      x[row * PAIRS + i] = pair;
    }
    if (row == ROWS - 1) {
      trace[i] = pair;
    }
    squares += dot(pair, pair);
  }
  let scale = inverseSqrt(workgroupSum(thread, squares) / f32(2 * PAIRS) + EPSILON);
  for (var i = thread; i < PAIRS; i += GROUP) {
    out[group.x * PAIRS + i] = pack2x16float(x[row * PAIRS + i] * scale * unpack2x16float(weight[i]));
  }
}
