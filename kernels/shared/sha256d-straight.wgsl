// The long parts of a scan's two hashes as a straight line. sha256d-looped has the same functions as loops.
//
// Modules: sha256-functions, sha256-constants, sha256-blocks, sha256d-job, sha256d-outer.

// Rounds 16 … 63 of the first hash.
fn innerMiddle(at16: Halfway) -> State {
  let at17 = stepOfSums(at16, Word(prepared.kw16), Word(prepared.w32));
  let at18 = stepOfSums(at17, Word(prepared.kw17), prepared.w17 + sigma0(at16.w.w2));
  let at24 = step(step(step(step(step(step(at18, K[18]), K[19]), K[20]), K[21]), K[22]), K[23]);
  return rounds48to63(steps24to47(at24));
}

// Rounds 16 … 47 of the second hash.
fn outerMiddle(at16: Halfway) -> Halfway {
  return steps24to47(steps8(at16, K[16], K[17], K[18], K[19], K[20], K[21], K[22], K[23]));
}

// Rounds 0 … 47 of the second hash, of the first digest m.
fn outerStart(m: State) -> Halfway {
  let s4 = round(round(round(outerFirst(m.a), K[1] + m.b), K[2] + m.c), K[3] + m.d);
  let s8 = round(round(round(round(s4, K[4] + m.e), K[5] + m.f), K[6] + m.g), K[7] + m.h);
  return outerMiddle(Halfway(outerPadding(s8), outerWords(m)));
}

// Rounds 57 … 63 of the second hash; w: words 48 … 63.
fn outerRest(s57: State, w: Words) -> State {
  let s60 = round(round(round(s57, K[57] + w.w9), K[58] + w.w10), K[59] + w.w11);
  return round(round(round(round(s60, K[60] + w.w12), K[61] + w.w13), K[62] + w.w14), K[63] + w.w15);
}
