// int-sha256, mix: the operations of SHA-256's rounds and message schedule (FIPS 180-4, section 6.2.2), as many of
// each kind and in the same order of dependence, on a state of four words instead of twenty-four, so that four
// chains fit into registers and none has to wait for itself. Of four rounds three compute a word of the schedule,
// as 48 of 64 do.

struct Round {
  fresh: T,
  second: T,
}

fn compress(a: T, b: T, c: T, d: T, k: T, w: T) -> Round {
  var t = d + Sigma1(c) + ch(c, a, b);
  t = t + k + w;
  return Round(t + Sigma0(a) + maj(a, b, c), b + t);
}

// A word of the schedule: an addition of three and one of two.
fn schedule(a: T, b: T, c: T) -> T {
  let w = sigma1(b) + c + sigma0(a);
  return w + b;
}

fn scheduled(s: State, k: T) -> State {
  let r = compress(s.a, s.b, s.c, s.d, k, schedule(s.a, s.b, s.c));
  return State(r.fresh, s.a, r.second, s.c);
}

fn four(s: State, k: array<T, 8>) -> State {
  let x = scheduled(scheduled(scheduled(s, k[0]), k[1]), k[2]);
  let r = compress(x.a, x.b, x.c, x.d, k[3], x.b);
  return State(r.fresh, x.a, r.second, x.c);
}

fn iterate(s: State, k: array<T, 8>) -> State { return four(four(four(s, k), k), k); }
