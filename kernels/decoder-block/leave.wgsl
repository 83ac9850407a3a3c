// decoder-block, leave: the state with the last product added, in f16, two elements per invocation.
//
// Generated constants: COUNT (pairs), GROUP (workgroup size).

@group(0) @binding(0) var<storage, read_write> x: array<vec2<f32>>;
@group(0) @binding(1) var<storage, read_write> y: array<u32>;
@group(0) @binding(2) var<storage, read_write> out: array<u32>;

@compute @workgroup_size(GROUP)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) thread: u32,
) {
  let i = (group.y * groups.x + group.x) * GROUP + thread;
  if (i < COUNT) {
    out[i] = pack2x16float(x[i] + unpack2x16float(y[i]));
  }
}
