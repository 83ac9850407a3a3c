// ethash, light: every page is computed from the light cache, as a client does that verifies a block, so that no
// dataset is needed and real answers come out of any adapter. One invocation per hash; each of its 64 pages takes
// 512 rows of the cache.
//
// Follows ethash/dataset-item, ethash/pages and a job (ethash/list or ethash-search/search). Generated
// constant: GROUP (invocations per workgroup).

alias Mix = array<vec4<u32>, 8>;

@compute @workgroup_size(GROUP)
fn main(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  let index = (group.y * groups.x + group.x) * GROUP + lane;
  if (index >= sizes.count) { return; }
  let seed = hashSeed(job.header, nonceOf(index));
  var mix = Mix(seed[0], seed[1], seed[2], seed[3], seed[0], seed[1], seed[2], seed[3]);
  for (var access = 0u; access < 64u; access++) {
    let page = pageOf(access, seed[0].x, mix[(access % 32u) / 4u][access % 4u]);
    for (var half = 0u; half < 2u; half++) {
      let item = datasetItem(2u * page + half, CacheSize(sizes.rows, sizes.rowsReciprocal));
      for (var v = 0u; v < 4u; v++) {
        mix[4u * half + v] = fnvEach(mix[4u * half + v], item[v]);
      }
    }
  }
  let mixHash = Digest(
    vec4(compress(mix[0]), compress(mix[1]), compress(mix[2]), compress(mix[3])),
    vec4(compress(mix[4]), compress(mix[5]), compress(mix[6]), compress(mix[7])),
  );
  deliver(index, mixHash, hashFinal(seed, mixHash));
}
