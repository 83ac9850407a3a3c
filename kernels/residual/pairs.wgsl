// residual: out = x + y, two neighbouring elements per invocation.
//
// Generated constants: COUNT (pairs), GROUP (workgroup size).

@group(0) @binding(0) var<storage, read> x: array<Pair>;
@group(0) @binding(1) var<storage, read> y: array<Pair>;
@group(0) @binding(2) var<storage, read_write> out: array<Pair>;

@compute @workgroup_size(GROUP)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) thread: u32,
) {
  let i = (group.y * groups.x + group.x) * GROUP + thread;
  if (i < COUNT) {
    out[i] = packPair(unpackPair(x[i]) + unpackPair(y[i]));
  }
}
