// read, vec4: every byte of a buffer read once, 16 bytes per load, and all of them joined by exclusive or, so that
// none can be left out. Neighbouring invocations read neighbouring vectors, so each memory transaction is full, and
// an invocation's EACH vectors lie GROUP apart, so that it has several loads in flight. It writes one word for all
// it has read: with sixteen vectors a sixty-fourth of the traffic.
//
// Generated constants: COUNT (vectors to read), GROUP (invocations per workgroup), EACH (vectors per invocation),
// INVOCATIONS.

@group(0) @binding(0) var<storage, read> source: array<vec4<u32>>;
@group(0) @binding(1) var<storage, read_write> joined: array<u32>;

@compute @workgroup_size(GROUP)
fn main(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  let workgroup = group.y * groups.x + group.x;
  let first = workgroup * GROUP * EACH + lane;
  var all = vec4<u32>(0u);
  for (var i = 0u; i < EACH; i++) {
    let at = first + i * GROUP;
    if (at < COUNT) {
      all ^= source[at];
    }
  }
  let id = workgroup * GROUP + lane;
  if (id < INVOCATIONS) {
    joined[id] = all.x ^ all.y ^ all.z ^ all.w;
  }
}
