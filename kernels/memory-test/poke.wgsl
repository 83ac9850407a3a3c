// memory-test, poke: single words of a chunk are changed: ((word & and) | or) ^ xor. An entry without `and` writes
// without reading.
//
// Needs the module params.wgsl before it. No word may be listed twice.
// Generated constant: GROUP (invocations per workgroup).

@group(0) @binding(1) var<storage, read_write> chunk: array<u32>;
@group(0) @binding(2) var<storage, read_write> list: array<vec4<u32>>;

@compute @workgroup_size(GROUP)
fn main(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  let n = (group.y * groups.x + group.x) * GROUP + lane;
  if (n < params.count) {
    let change = list[n];
    var word = 0u;
    if (change.y != 0u) {
      word = chunk[change.x] & change.y;
    }
    chunk[change.x] = (word | change.z) ^ change.w;
  }
}
