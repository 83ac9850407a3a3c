// Rotary embedding of one pair of elements and the pair half a head further on, by the angles of both. `turn` holds
// cos, sin of the first and cos, sin of the second; it comes from a table, since WGSL's own sine may be off by 2⁻¹¹.
struct Turned {
  low: vec2<f32>,
  high: vec2<f32>,
}

fn rotate(low: vec2<f32>, high: vec2<f32>, turn: vec4<f32>) -> Turned {
  return Turned(low * turn.xz - high * turn.yw, high * turn.xz + low * turn.yw);
}
