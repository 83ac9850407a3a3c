// memory-test, load: heat without memory traffic, while memory holds what it was given. Sixteen chains of multiply-add
// per invocation, enough to fill any scheduler.
//
// Needs the module params.wgsl before it; `count` is the length of a chain.
// Generated constant: GROUP (invocations per workgroup).

@group(0) @binding(1) var<storage, read_write> ends: array<f32>;

@compute @workgroup_size(GROUP)
fn main(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  let id = (group.y * groups.x + group.x) * GROUP + lane;
  var a = vec4<f32>(f32(id & 255u));
  var b = a + 1.0;
  var c = a + 2.0;
  var d = a + 3.0;
  for (var i = 0u; i < params.count; i++) {
    a = fma(a, vec4<f32>(0.999), vec4<f32>(0.5));
    b = fma(b, vec4<f32>(0.998), vec4<f32>(0.5));
    c = fma(c, vec4<f32>(0.997), vec4<f32>(0.5));
    d = fma(d, vec4<f32>(0.996), vec4<f32>(0.5));
  }
  let all = a + b + c + d;
  ends[id & 255u] = all.x + all.y + all.z + all.w;
}
