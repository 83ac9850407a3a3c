// How compare judges pairs of f16 in a word, as floats.wgsl does f32.

@group(0) @binding(3) var<storage, read> bounds: array<f32>;

fn half(at: u32, got: u32, have: f32, want: f32) -> u32 {
  if ((got & 0x7c00u) == 0x7c00u) { return select(WRONG, NOT_A_NUMBER, (got & 0x3ffu) != 0u); }
  return select(WRONG, RIGHT, abs(have - want) <= bounds[at]);
}

fn judge(at: u32, got: u32, want: u32) -> u32 {
  let have = unpack2x16float(got);
  let wanted = unpack2x16float(want);
  return max(half(2u * at, got, have.x, wanted.x), half(2u * at + 1u, got >> 16u, have.y, wanted.y));
}
