// memory-test, scrub: a range is read and forgotten, so that the caches hold it and nothing else.
//
// Needs the modules params.wgsl and errors.wgsl before it.
// Generated constants: GROUP (invocations per workgroup), EACH (vectors per invocation).

@group(0) @binding(1) var<storage, read> chunk: array<vec4<u32>>;

@compute @workgroup_size(GROUP)
fn main(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  let first = (group.y * groups.x + group.x) * GROUP * EACH + lane;
  var all = vec4<u32>(0u);
  for (var i = 0u; i < EACH; i++) {
    let n = first + i * GROUP;
    if (n < params.count) {
      all ^= chunk[params.start + n];
    }
  }
  // No compiler can know that this does not happen; whether it does changes nothing.
  if (all.x == 0x5c2b0001u && all.y == 0x5c2b0002u && all.z == 0x5c2b0003u) {
    log.sink = all.w;
  }
}
