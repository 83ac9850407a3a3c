// mul-add-f32, apart: as many multiplications as additions, and none of them can be fused, for products go into
// products alone and sums into sums. Where a card was made slow at fma but not at its parts, this shows it beside
// fma-f32. Eight signs multiply each other round a ring, eight whole numbers move on by terms; all of it is exact.
// (Sums that feed each other and stay small, such as a − b and then b + (a − b), a compiler may simplify.)

fn products(s: State) -> State {
  let c = s.c * s.d;
  return State(s.a, s.b, c, s.d * T(c.y, s.c.zwx));
}

fn two(s: State, k: array<T, 8>) -> State {
  let x = products(State(s.a + k[0], s.b + k[1], s.c, s.d));
  return products(State(x.a + k[2], x.b + k[3], x.c, x.d));
}

fn eight(s: State, k: array<T, 8>) -> State { return two(two(two(two(s, k), k), k), k); }
fn iterate(s: State, k: array<T, 8>) -> State { return eight(eight(s, k), k); }
