// int-rotate, funnel: two different words shifted through each other, the upper bits of one and the lower bits of
// the other. NVIDIA's SHF and AMD's V_ALIGNBIT do that and a rotation with the same instruction, and a compiler
// cannot merge it with the next. Two words that shift through each other are one rotation of 64 bits, and
// partners change from step to step, so no bit is ever lost.

fn through(high: T, low: T, n: u32) -> T { return (high << vec4<u32>(n)) | (low >> vec4<u32>(32u - n)); }

fn sweep(s: State) -> State {
  let a = through(s.a, s.b, 7u);
  let b = through(s.b, s.a, 7u);
  let c = through(s.c, s.d, 11u);
  let d = through(s.d, s.c, 11u);
  return State(b, c, d, a.yzwx);
}

fn four(s: State) -> State { return sweep(sweep(sweep(sweep(s)))); }
fn sixteen(s: State) -> State { return four(four(four(four(s)))); }
fn iterate(s: State, k: array<T, 8>) -> State { return sixteen(sixteen(sixteen(s))); }
