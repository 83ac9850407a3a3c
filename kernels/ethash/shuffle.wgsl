// ethash, shuffle: eight lanes share a page as in `cooperative`, but hand words round by subgroup shuffles: no
// workgroup memory and no barriers. Why: the word that chooses a page is on the critical path of every access, and
// a barrier there costs more than a shuffle does.
//
// Lanes are numbered within the subgroup, whose size may be anything from 8 on. Smaller ones, WebGPU allows 4,
// cannot hold a team of eight: there every lane has a hash to itself.
//
// Follows ethash/mix-in-registers and a job (ethash/list or ethash-search/search). Generated constants: GROUP
// (invocations per workgroup), FLIGHT (hashes that a team has under way at once: 1, 2, 4 or 8).

const LANES = 8u;
alias Mixes = array<vec4<u32>, FLIGHT>;

@compute @workgroup_size(GROUP)
fn main(
  @builtin(local_invocation_index) local: u32,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(subgroup_invocation_id) lane: u32,
  @builtin(subgroup_size) lanes: u32,
) {
  let index = (group.y * groups.x + group.x) * GROUP + local;
  // Lanes past the end work along on the last nonce: the others need them.
  let seed = hashSeed(job.header, nonceOf(min(index, sizes.count - 1u)));
  var mixHash: Digest;
  if (lanes < LANES) {
    mixHash = mixInRegisters(seed);
  } else {
    mixHash = mixTogether(seed, lane % LANES, lane - lane % LANES);
  }
  if (index < sizes.count) { deliver(index, mixHash, hashFinal(seed, mixHash)); }
}

// The team's eight hashes, FLIGHT at a time. `base`: the team's first lane.
fn mixTogether(seed: Row, part: u32, base: u32) -> Digest {
  var own: Digest;
  for (var first = 0u; first < LANES; first += FLIGHT) {
    var mix: Mixes;
    var head: array<u32, FLIGHT>;
    for (var f = 0u; f < FLIGHT; f++) {
      let owner = base + first + f;
      let low = select(subgroupShuffle(seed[0], owner), subgroupShuffle(seed[1], owner), part % 2u == 1u);
      let high = select(subgroupShuffle(seed[2], owner), subgroupShuffle(seed[3], owner), part % 2u == 1u);
      mix[f] = select(low, high, part % 4u >= 2u);
      head[f] = subgroupShuffle(seed[0].x, owner);
    }
    for (var access = 0u; access < 64u; access++) {
      let source = base + (access / 4u) % LANES;
      var read: Mixes;
      for (var f = 0u; f < FLIGHT; f++) {
        let word = subgroupShuffle(wordOf(mix[f], access % 4u), source);
        read[f] = dagVector(pageOf(access, head[f], word), part);
      }
      for (var f = 0u; f < FLIGHT; f++) { mix[f] = fnvEach(mix[f], read[f]); }
    }
    for (var f = 0u; f < FLIGHT; f++) {
      let word = compress(mix[f]);
      let low = vec4(
        subgroupShuffle(word, base), subgroupShuffle(word, base + 1u),
        subgroupShuffle(word, base + 2u), subgroupShuffle(word, base + 3u),
      );
      let high = vec4(
        subgroupShuffle(word, base + 4u), subgroupShuffle(word, base + 5u),
        subgroupShuffle(word, base + 6u), subgroupShuffle(word, base + 7u),
      );
      if (part == first + f) { own = Digest(low, high); }
    }
  }
  return own;
}
