// attention/f16: four elements of a key or a value, two f16 to a word. CacheQuad is vec2<u32>.

fn cached(stored: CacheQuad) -> vec4<f32> {
  return vec4<f32>(unpack2x16float(stored.x), unpack2x16float(stored.y));
}

// What all elements of a key and of a value are to be multiplied by.
fn scales(key: u32) -> vec2<f32> {
  return vec2<f32>(1.0);
}
