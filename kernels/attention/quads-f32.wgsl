// attention/f32: four elements of a head as they are stored. QueryQuad and CacheQuad are vec4<f32>.

fn query(stored: QueryQuad) -> vec4<f32> {
  return stored;
}

fn cached(stored: CacheQuad) -> vec4<f32> {
  return stored;
}

fn stored(value: vec4<f32>) -> QueryQuad {
  return value;
}

// What all elements of a key and of a value are to be multiplied by.
fn scales(key: u32) -> vec2<f32> {
  return vec2<f32>(1.0);
}
