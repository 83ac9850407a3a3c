// int-logic, ring: three-input functions in SHA-256's proportion (FIPS 180-4, section 6.2: each round has four
// xor3, or two where the schedule is done, one ch and one maj, together 7 : 2 : 2). Two halves of the state
// change each other in turn, as in a Feistel cipher, so that no bit is lost. What is to be counted must also be
// done: no two steps have a pair of operands in common (component i of one vector meets component i, i + 1, i + 2
// or i + 3 of another, each in one step only), and what ch and maj make is used twice, for a single exclusive or
// would be merged with those inside of ch.

fn xor3(x: T, y: T, z: T) -> T { return x ^ y ^ z; }

fn sweep(s: State) -> State {
  let t = ch(s.a, s.b, s.a.yzwx);
  let u = maj(s.a.zwxy, s.b, s.b.wxyz);
  let c = xor3(s.c, t, u.yzwx);
  let d = xor3(s.d, u, t.zwxy);
  let v = ch(c, d, c.yzwx);
  let w = maj(c.zwxy, d, d.wxyz);
  let a = xor3(xor3(s.a, v, w.yzwx), c.yzwx, d.wxyz);
  let b = xor3(xor3(s.b, w, v.zwxy), c.zwxy, d.wxyz);
  return State(a, b, c, xor3(d, a, b.yzwx));
}

fn four(s: State) -> State { return sweep(sweep(sweep(sweep(s)))); }
fn iterate(s: State, k: array<T, 8>) -> State { return four(four(four(four(four(four(s)))))); }
