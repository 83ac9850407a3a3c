// memory-test, every twentieth word of a range gets its value; the others are left alone. One invocation per five
// vectors, which hold one such word.
//
// Needs the module params.wgsl before it.
// Generated constants: GROUP (invocations per workgroup), EACH (words per invocation).

@group(0) @binding(1) var<storage, read_write> chunk: array<vec4<u32>>;

@compute @workgroup_size(GROUP)
fn main(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  let first = (group.y * groups.x + group.x) * GROUP * EACH + lane;
  for (var i = 0u; i < EACH; i++) {
    let at = (params.start / 5u + first + i * GROUP) * 5u + params.before.z / 4u;
    if (at >= params.start && at - params.start < params.count) {
      chunk[at][params.before.z % 4u] = params.before.x ^ params.before.y;
    }
  }
}
