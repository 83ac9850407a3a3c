// Four f32 as they are stored. Follows the alias Written: vec4<f32> or vec4<f16>.

fn narrow(values: vec4<f32>) -> Written {
  return Written(values);
}
