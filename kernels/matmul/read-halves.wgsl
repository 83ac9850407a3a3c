// Four f16 in two words as f32, by a function that every adapter has, with the feature shader-f16 or without.

alias Read = vec2<u32>;

fn widen(stored: Read) -> vec4<f32> {
  return vec4<f32>(unpack2x16float(stored.x), unpack2x16float(stored.y));
}
