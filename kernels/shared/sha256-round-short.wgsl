// A round of SHA-256 (FIPS 180-4, section 6.2.2) in which the next e waits for three operations after this one: a
// rotation, an exclusive or, an addition. All else is added to d beforehand, and a is got from e. That is an addition
// more: eight of two operands instead of seven, five of three instead of four.
//
// Modules: sha256-functions.

// The working variables a … h, or a chaining value H0 … H7.
struct State { a: Word, b: Word, c: Word, d: Word, e: Word, f: Word, g: Word, h: Word }

// kw: the round's constant plus its word of the schedule.
fn round(s: State, kw: Word) -> State {
  let e = s.d + (s.h + kw) + ch(s.e, s.f, s.g) + Sigma1(s.e);
  return State(e + (Sigma0(s.a) + maj(s.a, s.b, s.c) - s.d), s.a, s.b, s.c, e, s.e, s.f, s.g);
}
