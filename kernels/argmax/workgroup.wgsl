// argmax, workgroup: a workgroup per row. Each invocation keeps the first of its own largest values; in workgroup
// memory the larger wins, and of equals the one further to the left.
//
// Generated constants: ROWS, PAIRS (pairs of elements in a row), GROUP (workgroup size, a power of two).

@group(0) @binding(0) var<storage, read> x: array<Pair>;
@group(0) @binding(1) var<storage, read_write> indices: array<u32>;

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
  var found = nothing();
  for (var i = thread; i < PAIRS; i += GROUP) {
    found = withPair(found, unpackPair(x[row * PAIRS + i]), i);
  }
  found = joined(thread, found);
  if (thread == 0) {
    indices[row] = found.index;
  }
}
