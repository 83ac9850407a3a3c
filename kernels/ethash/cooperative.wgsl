// ethash, cooperative: eight lanes share a page, 16 bytes each, so that its 128 bytes are one coalesced read. Each
// lane hashes the seed of a nonce of its own; then the eight go through their eight hashes together, FLIGHT of
// them at a time, so that so many reads are under way at once; then each finishes its own. What one lane has and
// the others need goes through workgroup memory: the seeds, the compressed mixes, and at every access the word that
// chooses the page. Of that there are two copies by turns, so that one barrier per access is enough.
//
// Follows ethash/pages, a job (ethash/list or ethash-search/search) and one of ethash/dag-*. Generated
// constants: GROUP (invocations per workgroup, a multiple of 8), FLIGHT (1, 2, 4 or 8).

const LANES = 8u;
const TEAM_WORDS = GROUP / LANES * FLIGHT;

var<workgroup> seeds: array<vec4<u32>, GROUP * 4>;
var<workgroup> mixWords: array<u32, GROUP * LANES>;
var<workgroup> choosing: array<u32, 2 * TEAM_WORDS>;

@compute @workgroup_size(GROUP)
fn main(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  let index = (group.y * groups.x + group.x) * GROUP + lane;
  // Lanes past the end work along on the last nonce: the others need them.
  let seed = hashSeed(job.header, nonceOf(min(index, sizes.count - 1u)));
  for (var v = 0u; v < 4u; v++) { seeds[4u * lane + v] = seed[v]; }
  workgroupBarrier();

  let part = lane % LANES;
  let team = lane / LANES;
  for (var done = 0u; done < LANES; done += FLIGHT) {
    let first = team * LANES + done;
    var mix: array<vec4<u32>, FLIGHT>;
    var head: array<u32, FLIGHT>;
    for (var f = 0u; f < FLIGHT; f++) {
      mix[f] = seeds[4u * (first + f) + part % 4u];
      head[f] = seeds[4u * (first + f)].x;
    }
    for (var access = 0u; access < 64u; access++) {
      let words = (access % 2u) * TEAM_WORDS + team * FLIGHT;
      if (part == (access % 32u) / 4u) {
        for (var f = 0u; f < FLIGHT; f++) { choosing[words + f] = wordOf(mix[f], access % 4u); }
      }
      workgroupBarrier();
      var read: array<vec4<u32>, FLIGHT>;
      for (var f = 0u; f < FLIGHT; f++) {
        read[f] = dagVector(pageOf(access, head[f], choosing[words + f]), part);
      }
      for (var f = 0u; f < FLIGHT; f++) { mix[f] = fnvEach(mix[f], read[f]); }
    }
    for (var f = 0u; f < FLIGHT; f++) { mixWords[LANES * (first + f) + part] = compress(mix[f]); }
  }
  workgroupBarrier();

  if (index >= sizes.count) { return; }
  let w = LANES * lane;
  let mixHash = Digest(
    vec4(mixWords[w], mixWords[w + 1u], mixWords[w + 2u], mixWords[w + 3u]),
    vec4(mixWords[w + 4u], mixWords[w + 5u], mixWords[w + 6u], mixWords[w + 7u]),
  );
  deliver(index, mixHash, hashFinal(seed, mixHash));
}
