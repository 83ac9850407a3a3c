// Four f32 as f16 in two words, by a function that every adapter has.

alias Written = vec2<u32>;

fn narrow(values: vec4<f32>) -> Written {
  return Written(pack2x16float(values.xy), pack2x16float(values.zw));
}
