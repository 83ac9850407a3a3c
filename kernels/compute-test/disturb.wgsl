// compute-test, disturb: a fault that is rehearsed. Changes words of an output after the kernel wrote it: one in every
// `period`, or a single one where that is 0.
//
// Constants: GROUP, WORDS.

struct Place {
  period: u32,
  // Of the first word that is changed.
  index: u32,
  keep: u32,
  flip: u32,
}

@group(0) @binding(0) var<storage, read> place: Place;
@group(0) @binding(1) var<storage, read_write> words: array<u32>;

@compute @workgroup_size(GROUP)
fn main(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  let at = (group.y * groups.x + group.x) * GROUP + lane;
  if (at >= WORDS) { return; }
  let hit = select(at == place.index, at % max(place.period, 1u) == place.index, place.period > 0u);
  if (hit) { words[at] = (words[at] & place.keep) ^ place.flip; }
}
