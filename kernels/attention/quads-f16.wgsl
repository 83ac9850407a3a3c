// attention/f16: four elements of a head as they are stored. QueryQuad and CacheQuad are vec2<u32>, two f16 to a
// word: these functions need no shader-f16, and computing is in f32 anyway.

fn query(stored: QueryQuad) -> vec4<f32> {
  return vec4<f32>(unpack2x16float(stored.x), unpack2x16float(stored.y));
}

fn cached(stored: CacheQuad) -> vec4<f32> {
  return query(stored);
}

fn stored(value: vec4<f32>) -> QueryQuad {
  return vec2<u32>(pack2x16float(value.xy), pack2x16float(value.zw));
}

// What all elements of a key and of a value are to be multiplied by.
fn scales(key: u32) -> vec2<f32> {
  return vec2<f32>(1.0);
}
