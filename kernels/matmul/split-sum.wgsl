// matmul, the end of a split product: the partial sums of every element of c are added up, in their order.
//
// Follows a module that says how c is stored (`Written`).
//
// Generated constants: M, N (padded sizes), BATCH, SPLITS, GROUP (workgroup size).

const SIZE = M * N / 4; // vec4 of one product

@group(0) @binding(0) var<storage, read> parts: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> c: array<Written>;

@compute @workgroup_size(GROUP)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let at = (group.y * groups.x + group.x) * GROUP + local;
  if (at >= BATCH * SIZE) {
    return;
  }
  let first = at / SIZE * SPLITS * SIZE + at % SIZE;
  var sum = parts[first];
  for (var split = 1u; split < SPLITS; split++) {
    sum += parts[first + split * SIZE];
  }
  c[at] = narrow(sum);
}
