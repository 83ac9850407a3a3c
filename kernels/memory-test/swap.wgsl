// memory-test, swap: blocks change places, vector with vector, where the two differ in the bit `mask` of their index.
// Nothing is checked: what was moved wrong stands in the wrong place afterwards.
//
// Needs the module params.wgsl before it; `start` and `count` are pairs.
// Generated constants: GROUP (invocations per workgroup), EACH (pairs per invocation).

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
      // The pair's number with a zero put in where the mask has its bit.
      let pair = params.start + n;
      let low = pair + (pair & ~(params.mask - 1u));
      let high = low | params.mask;
      let moved = chunk[low];
      chunk[low] = chunk[high];
      chunk[high] = moved;
    }
  }
}
