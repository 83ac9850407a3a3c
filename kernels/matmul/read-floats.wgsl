// Four neighbours in memory as f32, however they are stored. Follows the alias Read: vec4<f32> or vec4<f16>.

fn widen(stored: Read) -> vec4<f32> {
  return vec4<f32>(stored);
}
