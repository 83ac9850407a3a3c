// argmax, naive: one invocation per row. Of equal values the first wins; NaN is larger than nothing.
//
// Generated constants: ROWS, PAIRS (pairs of elements in a row), GROUP (workgroup size).

@group(0) @binding(0) var<storage, read> x: array<Pair>;
@group(0) @binding(1) var<storage, read_write> indices: array<u32>;

@compute @workgroup_size(GROUP)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) thread: u32,
) {
  let row = (group.y * groups.x + group.x) * GROUP + thread;
  if (row >= ROWS) {
    return;
  }
  var largest = LEAST;
  var index = 0u;
  for (var i = 0u; i < PAIRS; i++) {
    let pair = unpackPair(x[row * PAIRS + i]);
    if (pair.x > largest) {
      largest = pair.x;
      index = 2 * i;
    }
    if (pair.y > largest) {
      largest = pair.y;
      index = 2 * i + 1;
    }
  }
  indices[row] = index;
}
