// attention/f32: four elements of q or out as they are stored. QueryQuad is vec4<f32>.

fn query(stored: QueryQuad) -> vec4<f32> {
  return stored;
}

fn stored(value: vec4<f32>) -> QueryQuad {
  return value;
}
