// page-read, lanes: eight neighbours share a chain and read 16 bytes each, so that a page is one line of memory
// fetched once. The link lies in every slice, so they need not tell each other where to go on. Each eight follow
// FLIGHT chains at the same time, so that while one waits for its page others arrive.
//
// Needs the module pages.wgsl before it.
// Generated constants: CHAINS, STEPS (pages in a chain), GROUP (invocations per workgroup), SHIFT, FLIGHT, EIGHTS
// (chains divided by FLIGHT, rounded up).

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
  let eight = id / 8u;
  let slice = id % 8u;
  var state: array<u32, FLIGHT>;
  var sum: array<u32, FLIGHT>;
  for (var f = 0u; f < FLIGHT; f++) {
    state[f] = first_state(seed[0], f * EIGHTS + eight);
    sum[f] = 0u;
  }
  for (var step = 0u; step < STEPS; step++) {
    for (var f = 0u; f < FLIGHT; f++) {
      let page = pages[8u * page_of(state[f]) + slice];
      sum[f] ^= joined(page);
      state[f] = after(state[f], page.w);
    }
  }
  for (var f = 0u; f < FLIGHT; f++) {
    let chain = f * EIGHTS + eight;
    if (eight < EIGHTS && chain < CHAINS) {
      ends[8u * chain + slice] = (sum[f] ^ state[f]) * (2u * slice + 1u);
    }
  }
}
