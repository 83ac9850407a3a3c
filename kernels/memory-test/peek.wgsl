// memory-test, peek: single words of a chunk, by their indices.
//
// Needs the module params.wgsl before it. A list's entry is word, and, or, exclusive or; the word read takes the
// place of `and`.
// Generated constant: GROUP (invocations per workgroup).

@group(0) @binding(1) var<storage, read> chunk: array<u32>;
@group(0) @binding(2) var<storage, read_write> list: array<vec4<u32>>;

@compute @workgroup_size(GROUP)
fn main(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  let n = (group.y * groups.x + group.x) * GROUP + lane;
  if (n < params.count) {
    list[n].y = chunk[list[n].x];
  }
}
