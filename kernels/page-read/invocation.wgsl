// page-read, invocation: one invocation follows a chain and reads whole pages, eight loads of 16 bytes one after
// the other. Its neighbours are on other pages, so that each load of theirs together touches as many lines of memory
// as there are neighbours.
//
// Needs the module pages.wgsl before it.
// Generated constants: CHAINS, STEPS (pages in a chain), GROUP (invocations per workgroup), SHIFT.

@group(0) @binding(0) var<storage, read> pages: array<vec4<u32>>;
@group(0) @binding(1) var<storage, read> seed: array<u32, 1>;
@group(0) @binding(2) var<storage, read_write> ends: array<u32>;

@compute @workgroup_size(GROUP)
fn main(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  let id = (group.y * groups.x + group.x) * GROUP + lane;
  var state = first_state(seed[0], id);
  var low = vec4<u32>(0u);
  var high = vec4<u32>(0u);
  for (var step = 0u; step < STEPS; step++) {
    let at = 8u * page_of(state);
    let a = pages[at];
    let b = pages[at + 1u];
    let c = pages[at + 2u];
    let d = pages[at + 3u];
    let e = pages[at + 4u];
    let f = pages[at + 5u];
    let g = pages[at + 6u];
    let h = pages[at + 7u];
    low ^= vec4<u32>(joined(a), joined(b), joined(c), joined(d));
    high ^= vec4<u32>(joined(e), joined(f), joined(g), joined(h));
    state = after(state, a.w);
  }
  if (id < CHAINS) {
    let odd = vec4<u32>(1u, 3u, 5u, 7u);
    let ended = (low ^ vec4<u32>(state)) * odd + (high ^ vec4<u32>(state)) * (odd + 8u);
    ends[id] = ended.x + ended.y + ended.z + ended.w;
  }
}
