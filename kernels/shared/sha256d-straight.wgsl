// The middle of a scan's two hashes as a straight line. sha256d-looped has the same functions as loops.
//
// Modules: sha256-functions, sha256-constants, sha256-blocks, sha256d-job.

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
