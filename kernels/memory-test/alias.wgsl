// memory-test, alias: what an address line that is stuck does to what was just written. Each vector of a range is
// written again in the place that differs in the bit `mask`; with `extra`, only those whose bit is set.
//
// Needs the module params.wgsl before it.
// Generated constants: GROUP (invocations per workgroup), EACH (vectors per invocation).

@group(0) @binding(1) var<storage, read_write> chunk: array<vec4<u32>>;

@compute @workgroup_size(GROUP)
fn main(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  let first = (group.y * groups.x + group.x) * GROUP * EACH + lane;
  for (var i = 0u; i < EACH; i++) {
    let n = first + i * GROUP;
    if (n < params.count) {
      let at = params.start + n;
      if (params.extra == 0u || (at & params.mask) != 0u) {
        chunk[at ^ params.mask] = chunk[at];
      }
    }
  }
}
