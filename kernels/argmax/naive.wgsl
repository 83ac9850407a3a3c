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
  var found = nothing();
  for (var i = 0u; i < PAIRS; i++) {
    found = withPair(found, unpackPair(x[row * PAIRS + i]), i);
  }
  indices[row] = found.index;
}
