// copy, vec4: to = from, 16 bytes per load and store. Neighbouring invocations touch neighbouring vectors,
// so each memory transaction is full, and an invocation's EACH vectors lie GROUP apart, so that it has
// several loads in flight at once.
//
// Generated constants: COUNT (vectors to copy), GROUP (invocations per workgroup), EACH (vectors per
// invocation).

@group(0) @binding(0) var<storage, read> source: array<vec4<u32>>;
@group(0) @binding(1) var<storage, read_write> destination: array<vec4<u32>>;

@compute @workgroup_size(GROUP)
fn main(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  let first = (group.y * groups.x + group.x) * GROUP * EACH + lane;
  for (var i = 0u; i < EACH; i++) {
    let at = first + i * GROUP;
    if (at < COUNT) {
      destination[at] = source[at];
    }
  }
}
