// How compare judges f32: within a bound of each element's own. A compiler may take it that there is no NaN, so NaN and
// infinity are told by their bits.

@group(0) @binding(3) var<storage, read> bounds: array<f32>;

fn judge(at: u32, got: u32, want: u32) -> u32 {
  if ((got & 0x7f800000u) == 0x7f800000u) { return select(WRONG, NOT_A_NUMBER, (got & 0x7fffffu) != 0u); }
  return select(WRONG, RIGHT, abs(bitcast<f32>(got) - bitcast<f32>(want)) <= bounds[at]);
}
