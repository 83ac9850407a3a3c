// ethash, registers: one invocation per hash, the mix in registers. Why: what is indexed by a variable cannot be
// in registers, and the naive version goes to memory for its mix 64 times over.
//
// Follows ethash/mix-in-registers and a job (ethash/list or ethash-search/search). Generated constant: GROUP
// (invocations per workgroup).

@compute @workgroup_size(GROUP)
fn main(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  let index = (group.y * groups.x + group.x) * GROUP + lane;
  if (index >= sizes.count) { return; }
  let seed = hashSeed(job.header, nonceOf(index));
  let mixHash = mixInRegisters(seed);
  deliver(index, mixHash, hashFinal(seed, mixHash));
}
