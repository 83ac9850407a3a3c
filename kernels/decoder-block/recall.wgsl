// decoder-block, recall: the earlier keys and values to their places in a cache that has room for the new ones too, 16
// bytes per invocation.
//
// Generated constants: KV_HEADS, PAST and CONTEXT (positions), EIGHTHS (an eighth of a head's elements), GROUP
// (workgroup size).

@group(0) @binding(0) var<storage, read> past_k: array<vec4<u32>>; // [KV_HEADS, PAST, EIGHTHS]
@group(0) @binding(1) var<storage, read> past_v: array<vec4<u32>>;
@group(0) @binding(2) var<storage, read_write> k: array<vec4<u32>>; // [KV_HEADS, CONTEXT, EIGHTHS]
@group(0) @binding(3) var<storage, read_write> v: array<vec4<u32>>;

@compute @workgroup_size(GROUP)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) thread: u32,
) {
  let i = (group.y * groups.x + group.x) * GROUP + thread;
  if (i >= KV_HEADS * PAST * EIGHTHS) {
    return;
  }
  let head = i / (PAST * EIGHTHS);
  let to = i + head * (CONTEXT - PAST) * EIGHTHS;
  k[to] = past_k[i];
  v[to] = past_v[i];
}
