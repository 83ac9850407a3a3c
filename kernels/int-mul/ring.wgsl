// int-mul, ring: each of sixteen odd words is multiplied by its neighbour. Odd words stay odd, so no product
// ever becomes zero. A factor that stays the same could be multiplied together beforehand; these change.

fn sweep(s: State) -> State {
  let a = s.a * s.b;
  let b = s.b * s.c;
  let c = s.c * s.d;
  let d = s.d * a.yzwx;
  return State(a, b, c, d);
}

fn four(s: State) -> State { return sweep(sweep(sweep(sweep(s)))); }
fn sixteen(s: State) -> State { return four(four(four(four(s)))); }
fn iterate(s: State, k: array<T, 8>) -> State { return sixteen(sixteen(sixteen(sixteen(s)))); }
