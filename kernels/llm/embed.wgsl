// llm, embed: the rows of the embedding that the tokens name, as the first state x, in f32. When generating, the token
// is the one that was sampled last; `position` says which that is.
//
// Generated constants: ROWS, PAIRS (pairs of elements in a row), GROUP (workgroup size), GENERATE.

@group(0) @binding(0) var<storage, read> tokens: array<u32>;
@group(0) @binding(1) var<storage, read_write> sampled: array<u32>;
@group(0) @binding(2) var<storage, read_write> position: array<u32>;
@group(0) @binding(3) var<storage, read> table: array<u32>;
@group(0) @binding(4) var<storage, read_write> x: array<vec2<f32>>;

@compute @workgroup_size(GROUP)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) thread: u32,
) {
  let i = (group.y * groups.x + group.x) * GROUP + thread;
  if (i >= ROWS * PAIRS) {
    return;
  }
  var token = tokens[i / PAIRS];
  if (GENERATE && position[0] > 0) {
    token = sampled[position[0] - 1];
  }
  x[i] = unpack2x16float(table[token * PAIRS + i % PAIRS]);
}
