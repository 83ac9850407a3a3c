// Less than every finite number; −∞ has no literal in WGSL. A row of nothing but −∞ and NaN answers 0.
const LEAST = -0x1.fffffep+127f;
