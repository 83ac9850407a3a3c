// llm, fill: makes a tensor of weights from its seed, one word per invocation; `weights.ts` does the same on the host.
//
// Generated constants: COUNT (words), GROUP (workgroup size), KIND (0: two f16, 1: eight 4-bit weights, 2: two f16
// scales, 3: two f16 weights of a norm), STEP (f32, a power of two: the least difference of two values).

@group(0) @binding(0) var<storage, read_write> words: array<u32>;
@group(0) @binding(1) var<storage, read> seed: array<u32>;

fn mix(word: u32) -> u32 {
  var x = word;
  x = (x ^ (x >> 16)) * 0x7feb352du;
  x = (x ^ (x >> 15)) * 0x846ca68bu;
  return x ^ (x >> 16);
}

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
  let word = mix(mix(seed[0]) + i);
  let bytes = vec2<u32>(word & 255, (word >> 8) & 255);
  if (KIND == 0) {
    words[i] = pack2x16float((vec2<f32>(bytes) - 127.5) * STEP);
  } else if (KIND == 1) {
    words[i] = word;
  } else if (KIND == 2) {
    words[i] = pack2x16float((1 + vec2<f32>(bytes & vec2<u32>(7)) / 8) * STEP);
  } else {
    words[i] = pack2x16float(1 + (vec2<f32>(bytes) - 128) * STEP);
  }
}
