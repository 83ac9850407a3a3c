// fma-f16, signs: as fma-f32's, in f16. Signs multiply each other round a ring and eight values beside it; to these
// nothing is added but a zero that the compiler cannot know, so that they stay among the whole numbers up to 2048,
// which f16 holds exactly.
//
// k[0] is zero.

fn sweep(s: State, k: array<T, 8>) -> State {
  let a = fma(s.a, s.c, k[0]);
  let b = fma(s.b, s.d, k[0]);
  let c = fma(s.c, s.d, k[0]);
  let d = fma(s.d, T(c.y, s.c.zwx), k[0]);
  return State(a, b, c, d);
}

fn four(s: State, k: array<T, 8>) -> State { return sweep(sweep(sweep(sweep(s, k), k), k), k); }
fn sixteen(s: State, k: array<T, 8>) -> State { return four(four(four(four(s, k), k), k), k); }
fn iterate(s: State, k: array<T, 8>) -> State { return sixteen(sixteen(sixteen(sixteen(s, k), k), k), k); }
