// page-read, fill: every page of the buffer, before anything is timed.
//
// Generated constants: SLICES (of the whole buffer), GROUP, SHIFT.

@group(0) @binding(0) var<storage, read_write> pages: array<vec4<u32>>;

@compute @workgroup_size(GROUP)
fn main(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  let at = (group.y * groups.x + group.x) * GROUP + lane;
  if (at < SLICES) {
    pages[at] = slice_of(at / 8u, at % 8u);
  }
}
