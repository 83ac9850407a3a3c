// int-add, ring: each of sixteen words adds its neighbour, then the neighbour adds its own. Sixty-four times
// round the ring in one iteration, so that the loop's own counting is a thousandth of the work.

fn sweep(s: State) -> State {
  let a = s.a + s.b;
  let b = s.b + s.c;
  let c = s.c + s.d;
  let d = s.d + a.yzwx;
  return State(a, b, c, d);
}

fn four(s: State) -> State { return sweep(sweep(sweep(sweep(s)))); }
fn sixteen(s: State) -> State { return four(four(four(four(s)))); }
fn iterate(s: State, k: array<T, 8>) -> State { return sixteen(sixteen(sixteen(sixteen(s)))); }
