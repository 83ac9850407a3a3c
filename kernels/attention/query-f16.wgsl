// attention: four elements of q or out as f16, two to a word: these functions need no shader-f16, and computing is in
// f32 anyway. QueryQuad is vec2<u32>.

fn query(stored: QueryQuad) -> vec4<f32> {
  return vec4<f32>(unpack2x16float(stored.x), unpack2x16float(stored.y));
}

fn stored(value: vec4<f32>) -> QueryQuad {
  return vec2<u32>(pack2x16float(value.xy), pack2x16float(value.zw));
}
