// rmsnorm, workgroup: a workgroup per row. Neighbours read neighbouring words, and the sum of squares is brought
// together in workgroup memory, halving the number of summands with each barrier.
//
// Generated constants: ROWS, PAIRS (pairs of elements in a row), GROUP (workgroup size, a power of two), EPSILON.

@group(0) @binding(0) var<storage, read> x: array<Pair>;
@group(0) @binding(1) var<storage, read> weight: array<Pair>;
@group(0) @binding(2) var<storage, read_write> out: array<Pair>;

@compute @workgroup_size(GROUP)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) thread: u32,
) {
  let row = group.y * groups.x + group.x;
  if (row >= ROWS) {
    return;
  }
  var squares = 0f;
  for (var i = thread; i < PAIRS; i += GROUP) {
    let pair = unpackPair(x[row * PAIRS + i]);
    squares += dot(pair, pair);
  }
  let scale = inverseSqrt(workgroupSum(thread, squares) / f32(2 * PAIRS) + EPSILON);
  for (var i = thread; i < PAIRS; i += GROUP) {
    out[row * PAIRS + i] = packPair(unpackPair(x[row * PAIRS + i]) * scale * unpackPair(weight[i]));
  }
}
