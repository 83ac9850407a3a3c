// int-add3, ring: as int-add, with a third addend. It differs from word to word of a sweep: were it the same, a
// compiler could share `neighbour + addend` between steps and save an addition.

fn sweep(s: State, k: array<T, 8>) -> State {
  let a = s.a + s.b + k[0];
  let b = s.b + s.c + k[1];
  let c = s.c + s.d + k[2];
  let d = s.d + a.yzwx + k[3];
  return State(a, b, c, d);
}

fn four(s: State, k: array<T, 8>) -> State { return sweep(sweep(sweep(sweep(s, k), k), k), k); }
fn sixteen(s: State, k: array<T, 8>) -> State { return four(four(four(four(s, k), k), k), k); }
fn iterate(s: State, k: array<T, 8>) -> State { return sixteen(sixteen(sixteen(sixteen(s, k), k), k), k); }
