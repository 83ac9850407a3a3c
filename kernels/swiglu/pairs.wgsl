// swiglu: out = silu(gate) · up, two neighbouring elements per invocation. Each row of the input holds all gates, then
// all ups, as one product with both weight matrices leaves them.
//
// Generated constants: COUNT (pairs of the output), PAIRS (pairs in a row of it), GROUP (workgroup size).

@group(0) @binding(0) var<storage, read> gateUp: array<Pair>;
@group(0) @binding(1) var<storage, read_write> out: array<Pair>;

@compute @workgroup_size(GROUP)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) thread: u32,
) {
  let i = (group.y * groups.x + group.x) * GROUP + thread;
  if (i >= COUNT) {
    return;
  }
  let at = (i / PAIRS) * 2 * PAIRS + i % PAIRS;
  let gate = unpackPair(gateUp[at]);
  let up = unpackPair(gateUp[at + PAIRS]);
  out[i] = packPair(gate / (1 + exp(-gate)) * up);
}
