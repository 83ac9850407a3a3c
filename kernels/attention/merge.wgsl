// attention, decode, second of two dispatches: the stretches of the context that `decode` took apart become one
// result. Each has its own largest score; its sums are rescaled to the largest of all. One invocation per quad of
// out.
//
// Modules: the type’s query. Constants: ROWS (of q), QUADS (of a head), SPLITS, GROUP.

const LOWEST = -3.4028234e38f;

@group(0) @binding(0) var<storage, read> ends: array<vec2<f32>>;
@group(0) @binding(1) var<storage, read> parts: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> out: array<QueryQuad>;

@compute @workgroup_size(GROUP)
fn main(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  let at = (group.y * groups.x + group.x) * GROUP + lane;
  if (at >= ROWS * QUADS) {
    return;
  }
  let row = at / QUADS;
  var high = LOWEST;
  for (var i = 0u; i < SPLITS; i++) {
    high = max(high, ends[row * SPLITS + i].x);
  }
  var total = 0.0;
  var sum = vec4<f32>();
  for (var i = 0u; i < SPLITS; i++) {
    let end = ends[row * SPLITS + i];
    let factor = exp2(end.x - high);
    total += end.y * factor;
    sum += parts[(row * SPLITS + i) * QUADS + at % QUADS] * factor;
  }
  out[at] = stored(sum / total);
}
