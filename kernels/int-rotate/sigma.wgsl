// int-rotate, sigma: three rotations and one three-input exclusive or, as in SHA-256's Sigma functions; only the
// rotations are counted. A rotation of a rotation would be merged into one, so each result must go through
// something else. Where rotations are a unit of their own (a CPU), the exclusive or is free; where one unit
// does both, this variant reaches three quarters of the rate, and `funnel` is the ceiling.

fn mix(x: T, y: T, z: T) -> T { return rotr(x, 6u) ^ rotr(y, 11u) ^ rotr(z, 25u); }

fn sweep(s: State) -> State {
  let a = mix(s.a, s.b, s.c);
  let b = mix(s.b, s.c, s.d);
  let c = mix(s.c, s.d, a.yzwx);
  let d = mix(s.d, a, b.yzwx);
  return State(a, b, c, d);
}

fn four(s: State) -> State { return sweep(sweep(sweep(sweep(s)))); }
fn sixteen(s: State) -> State { return four(four(four(four(s)))); }
fn iterate(s: State, k: array<T, 8>) -> State { return sixteen(s); }
