// attention/f32: four elements of a key or a value as they are stored. CacheQuad is vec4<f32>.

fn cached(stored: CacheQuad) -> vec4<f32> {
  return stored;
}

// What all elements of a key and of a value are to be multiplied by.
fn scales(key: u32) -> vec2<f32> {
  return vec2<f32>(1.0);
}
