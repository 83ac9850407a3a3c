// fma-f32, signs: as many fma per byte as one likes. Eight of the sixteen values are signs, which multiply each
// other round a ring; the other eight are multiplied by a sign and move on by a term, so that every fma has three
// operands that no compiler knows. One sign of each sweep takes the new of its neighbour, the others the old: all new,
// a sweep would have to wait twice; all old, signs would be lost (this way they come back after 63 sweeps). With whole numbers each step is exact, fused or not, however many there are.
//
// k[0] and k[1] are the terms; k[2] is zero, but the compiler cannot know.

fn sweep(s: State, k: array<T, 8>) -> State {
  let a = fma(s.a, s.c, k[0]);
  let b = fma(s.b, s.d, k[1]);
  let c = fma(s.c, s.d, k[2]);
  let d = fma(s.d, T(c.y, s.c.zwx), k[2]);
  return State(a, b, c, d);
}

fn four(s: State, k: array<T, 8>) -> State { return sweep(sweep(sweep(sweep(s, k), k), k), k); }
fn sixteen(s: State, k: array<T, 8>) -> State { return four(four(four(four(s, k), k), k), k); }
fn iterate(s: State, k: array<T, 8>) -> State { return sixteen(sixteen(sixteen(sixteen(s, k), k), k), k); }
