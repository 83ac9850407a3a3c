// attention, naive, second of three dispatches: each row of scores becomes weights that add up to one.
// One invocation per row, three walks along it: maximum, sum, division. The maximum is taken off before
// exp() so that it cannot overflow; it cancels in the division.
//
// Modules: rows. Constants: ROWS, HEADS, KV_HEADS, QUERIES, KEYS, CAUSAL, GROUP.

@group(0) @binding(0) var<storage, read_write> scores: array<f32>;

@compute @workgroup_size(GROUP)
fn main(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  let row = (group.y * groups.x + group.x) * GROUP + lane;
  if (row >= ROWS) {
    return;
  }
  let begin = row * KEYS;
  let end = begin + visible(row);
  var top = scores[begin];
  for (var i = begin + 1; i < end; i++) {
    top = max(top, scores[i]);
  }
  var sum = 0.0;
  for (var i = begin; i < end; i++) {
    let weight = exp(scores[i] - top);
    scores[i] = weight;
    sum += weight;
  }
  for (var i = begin; i < end; i++) {
    scores[i] /= sum;
  }
}
