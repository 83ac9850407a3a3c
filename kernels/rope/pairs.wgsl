// rope: each invocation turns two neighbouring elements of the first half of a head and the two half a head further on.
//
// Generated constants: COUNT (quarters: pairs of the first half of every head), QUARTERS (of one head), HEADS,
// GROUP (workgroup size).

@group(0) @binding(0) var<storage, read> x: array<Pair>;
@group(0) @binding(1) var<storage, read> turns: array<vec4<f32>>; // [tokens, QUARTERS]
@group(0) @binding(2) var<storage, read_write> out: array<Pair>;

@compute @workgroup_size(GROUP)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) thread: u32,
) {
  let i = (group.y * groups.x + group.x) * GROUP + thread;
  if (i >= COUNT) {
    return;
  }
  let head = i / QUARTERS;
  let quarter = i % QUARTERS;
  let at = head * 2 * QUARTERS + quarter;
  let turned = rotate(unpackPair(x[at]), unpackPair(x[at + QUARTERS]), turns[head / HEADS * QUARTERS + quarter]);
  out[at] = packPair(turned.low);
  out[at + QUARTERS] = packPair(turned.high);
}
