// A round of SHA-256 (FIPS 180-4, section 6.2.2) with the fewest additions of three operands, four: T1 takes two, and
// serves both a and e. sha256-round-short has the same function with fewer operations in a row.
//
// Modules: sha256-functions.

// The working variables a … h, or a chaining value H0 … H7.
struct State { a: Word, b: Word, c: Word, d: Word, e: Word, f: Word, g: Word, h: Word }

// kw: the round's constant plus its word of the schedule.
fn round(s: State, kw: Word) -> State {
  let t1 = s.h + kw + ch(s.e, s.f, s.g) + Sigma1(s.e);
  return State(t1 + (maj(s.a, s.b, s.c) + Sigma0(s.a)), s.a, s.b, s.c, s.d + t1, s.e, s.f, s.g);
}
