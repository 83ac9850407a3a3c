// memory-test, all words of a range but every twentieth get the complement. It must not read what it leaves alone: a
// word that was read and written back would be refreshed.
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
  let value = ~(params.before.x ^ params.before.y);
  for (var i = 0u; i < EACH; i++) {
    let n = first + i * GROUP;
    if (n < params.count) {
      let at = params.start + n;
      if (at % 5u != params.before.z / 4u) {
        chunk[at] = vec4<u32>(value);
      } else {
        for (var j = 0u; j < 4u; j++) {
          if (j != params.before.z % 4u) {
            chunk[at][j] = value;
          }
        }
      }
    }
  }
}
