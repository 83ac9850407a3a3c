// int-logic, ring: three-input functions in SHA-256's proportion (FIPS 180-4, section 6.2: each round has four
// xor3, or two where the schedule is done, one ch and one maj, together 7 : 2 : 2). What ch and maj make is
// taken up by an xor3, so that no bit is lost; each result is used more than once, so that none can be merged.

fn sweep(s: State) -> State {
  let d = xor3(s.d, ch(s.a, s.b, s.c), s.a.yzwx);
  let a = xor3(s.a, maj(s.b, s.c, d), s.c.yzwx);
  let b = xor3(s.b, s.c.wxyz, d.yzwx);
  let c = xor3(s.c, ch(d, a, b), a.wxyz);
  let e = xor3(d, maj(a, b, c), b.yzwx);
  let f = xor3(a, c.zwxy, e.yzwx);
  let g = xor3(b, e.zwxy, f.wxyz);
  return State(f, g, c, e);
}

fn four(s: State) -> State { return sweep(sweep(sweep(sweep(s)))); }
fn iterate(s: State, k: array<T, 8>) -> State { return four(four(four(four(four(four(s)))))); }
