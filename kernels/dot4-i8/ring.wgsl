// dot4-i8, ring: each of sixteen words, four int8 each, is multiplied with its neighbour's four, and the sum is added
// to it: one instruction where the card has one (DP4A, V_DOT4). Four multiplications and four additions each.

fn dot(x: T, y: T) -> T {
  return bitcast<T>(vec4<i32>(
    dot4I8Packed(x.x, y.x), dot4I8Packed(x.y, y.y), dot4I8Packed(x.z, y.z), dot4I8Packed(x.w, y.w),
  ));
}

fn sweep(s: State, k: array<T, 8>) -> State {
  let a = s.a + dot(s.b, k[0]);
  let b = s.b + dot(s.c, k[1]);
  let c = s.c + dot(s.d, k[2]);
  let d = s.d + dot(a.yzwx, k[3]);
  return State(a, b, c, d);
}

fn four(s: State, k: array<T, 8>) -> State { return sweep(sweep(sweep(sweep(s, k), k), k), k); }
fn iterate(s: State, k: array<T, 8>) -> State { return four(four(four(four(s, k), k), k), k); }
