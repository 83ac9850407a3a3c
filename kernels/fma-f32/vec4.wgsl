// fma-f32, vec4: as many fma per byte as one likes. An invocation carries four independent chains in a
// vec4, so that one fma need not wait for the one before it (4 cycles on NVIDIA cards), and nothing but
// fma happens between one load and one store per chain. More chains were slower where registers are few:
// on a software adapter with 16 vector registers two vec4 reached 40 GFLOP/s where one reached 50.
//
// The factor and the addends come from a buffer: they are −1 and two whole numbers, but the compiler
// cannot know, so it can neither collapse the loop nor drop the multiplication. Every step flips the sign
// and rewrites the mantissa, as real data would.
//
// Generated constants: INVOCATIONS, ITERATIONS (of 16 steps each), GROUP (invocations per workgroup).

struct Terms {
  factor: f32,
  even: f32,
  odd: f32,
}

@group(0) @binding(0) var<storage, read> start: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> terms: Terms;
@group(0) @binding(2) var<storage, read_write> end: array<vec4<f32>>;

@compute @workgroup_size(GROUP)
fn main(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  let id = (group.y * groups.x + group.x) * GROUP + lane;
  let factor = vec4<f32>(terms.factor);
  let even = vec4<f32>(terms.even);
  let odd = vec4<f32>(terms.odd);
  // Invocations past the end work too and are stopped only at the store: a software adapter would otherwise
  // carry a mask of live lanes through every step.
  var x = start[min(id, INVOCATIONS - 1)];
  for (var i = 0u; i < ITERATIONS; i++) {
    // Sixteen steps by hand: a loop's own counting would otherwise be a tenth of the work.
    x = fma(x, factor, even);
    x = fma(x, factor, odd);
    x = fma(x, factor, even);
    x = fma(x, factor, odd);
    x = fma(x, factor, even);
    x = fma(x, factor, odd);
    x = fma(x, factor, even);
    x = fma(x, factor, odd);
    x = fma(x, factor, even);
    x = fma(x, factor, odd);
    x = fma(x, factor, even);
    x = fma(x, factor, odd);
    x = fma(x, factor, even);
    x = fma(x, factor, odd);
    x = fma(x, factor, even);
    x = fma(x, factor, odd);
  }
  if (id < INVOCATIONS) {
    end[id] = x;
  }
}
