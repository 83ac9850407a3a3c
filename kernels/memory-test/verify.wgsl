// memory-test, verify: every word of a range is read and compared with what the pattern says of its place.
//
// Needs the modules params.wgsl, errors.wgsl and a pattern before it.
// Generated constants: GROUP (invocations per workgroup), EACH (vectors per invocation).

@group(0) @binding(1) var<storage, read> chunk: array<vec4<u32>>;

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
      let got = chunk[at];
      let want = pattern(at, params.before);
      if (any(got != want)) {
        note(at, want, got);
      }
    }
  }
}
