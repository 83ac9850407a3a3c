// attention/i8: four elements of a head as they are stored. QueryQuad is vec2<u32>, two f16 to a word; CacheQuad is
// u32, four int8, the first in the lowest byte. All elements of a key share a scale and so do those of a value, which
// are multiplied into the score and into the weight instead of into each element.
//
// Generated constant: SCALES_AT, the binding that holds them: for each key two f16, the key's and the value's.

@group(0) @binding(SCALES_AT) var<storage, read> scalePairs: array<u32>;

fn query(stored: QueryQuad) -> vec4<f32> {
  return vec4<f32>(unpack2x16float(stored.x), unpack2x16float(stored.y));
}

fn cached(stored: CacheQuad) -> vec4<f32> {
  // To the top and back again, so that the sign is drawn along.
  return vec4<f32>(vec4<i32>(vec4<u32>(stored) << vec4<u32>(24, 16, 8, 0)) >> vec4<u32>(24));
}

fn stored(value: vec4<f32>) -> QueryQuad {
  return vec2<u32>(pack2x16float(value.xy), pack2x16float(value.zw));
}

// What all elements of a key and of a value are to be multiplied by.
fn scales(key: u32) -> vec2<f32> {
  return unpack2x16float(scalePairs[key]);
}
