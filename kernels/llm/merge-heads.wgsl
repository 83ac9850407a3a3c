// llm, merge-heads: [HEADS, ROWS, PAIRS] to [ROWS, HEADS, PAIRS], a token's heads side by side for the next product.
//
// Generated constants: ROWS, HEADS, PAIRS (pairs of elements in a head), GROUP (workgroup size).

@group(0) @binding(0) var<storage, read_write> heads: array<u32>;
@group(0) @binding(1) var<storage, read_write> rows: array<u32>;

@compute @workgroup_size(GROUP)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) thread: u32,
) {
  let i = (group.y * groups.x + group.x) * GROUP + thread;
  if (i >= ROWS * HEADS * PAIRS) {
    return;
  }
  let head = i / PAIRS % HEADS;
  let row = i / PAIRS / HEADS;
  rows[i] = heads[(head * ROWS + row) * PAIRS + i % PAIRS];
}
