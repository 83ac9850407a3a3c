// compute-test, compare: every word of an output against what the host says it should be. Words that were looked at are
// counted too, so that a comparison that did not take place is seen.
//
// Modules: verdicts and one of exact, floats, halves. Constants: GROUP, EACH (words per invocation), WORDS, CAPACITY.

struct Log {
  compared: atomic<u32>,
  wrong: atomic<u32>,
  nans: atomic<u32>,
  listed: atomic<u32>,
  // Index, expected, got, unused.
  records: array<vec4<u32>>,
}

@group(0) @binding(0) var<storage, read> got: array<u32>;
@group(0) @binding(1) var<storage, read> expected: array<u32>;
@group(0) @binding(2) var<storage, read_write> log: Log;

var<workgroup> compared: atomic<u32>;

@compute @workgroup_size(GROUP)
fn main(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  let first = (group.y * groups.x + group.x) * GROUP * EACH + lane;
  var seen = 0u;
  for (var i = 0u; i < EACH; i++) {
    let at = first + i * GROUP;
    if (at < WORDS) {
      let have = got[at];
      let want = expected[at];
      let verdict = judge(at, have, want);
      seen++;
      if (verdict != RIGHT) {
        atomicAdd(&log.wrong, 1u);
        if (verdict == NOT_A_NUMBER) { atomicAdd(&log.nans, 1u); }
        let slot = atomicAdd(&log.listed, 1u);
        if (slot < CAPACITY) { log.records[slot] = vec4<u32>(at, want, have, verdict); }
      }
    }
  }
  atomicAdd(&compared, seen);
  workgroupBarrier();
  if (lane == 0u) { atomicAdd(&log.compared, atomicLoad(&compared)); }
}
