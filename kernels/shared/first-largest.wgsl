// The first of the largest values and where it is. NaN is larger than nothing; −∞ has no literal in WGSL, so a row
// without anything above the least finite number has its largest at 0.
const LEAST = -0x1.fffffep+127f;

struct Found {
  value: f32,
  index: u32,
}

fn nothing() -> Found {
  return Found(LEAST, 0);
}

// With elements 2 · i and 2 · i + 1 looked at too; those found before lie to their left.
fn withPair(found: Found, pair: vec2<f32>, i: u32) -> Found {
  var best = found;
  if (pair.x > best.value) {
    best = Found(pair.x, 2 * i);
  }
  if (pair.y > best.value) {
    best = Found(pair.y, 2 * i + 1);
  }
  return best;
}
