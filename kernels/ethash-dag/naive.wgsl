// ethash-dag, naive: one invocation per item of the dataset; the search's set-up fills its DAG with it too, a
// slice at a time. Follows ethash/dataset-item. Generated constant: GROUP (invocations per workgroup).

struct Slice {
  firstItem: u32,
  // Where it goes in `items`.
  at: u32,
  count: u32,
  unused: u32,
  size: CacheSize,
}
@group(0) @binding(1) var<storage, read> slice: Slice;
@group(0) @binding(2) var<storage, read_write> items: array<vec4<u32>>;

@compute @workgroup_size(GROUP)
fn main(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  let number = (group.y * groups.x + group.x) * GROUP + lane;
  if (number >= slice.count) { return; }
  let item = datasetItem(slice.firstItem + number, slice.size);
  let start = 4u * (slice.at + number);
  items[start] = item[0];
  items[start + 1u] = item[1];
  items[start + 2u] = item[2];
  items[start + 3u] = item[3];
}
