// The middle of a scan's two hashes as a straight line. sha256d-looped has the same functions as loops.
//
// Modules: sha256-functions, sha256-constants, sha256-blocks, sha256d-job.

// Rounds 16 … 63 of the first hash.
fn innerMiddle(s16: State, w16: Words) -> State {
  let s24 = rounds8(
    s16,
    Word(prepared.kw16), Word(prepared.kw17), K[18] + w16.w2, K[19] + w16.w3,
    K[20] + w16.w4, K[21] + w16.w5, K[22] + w16.w6, K[23] + w16.w7,
  );
  let s32 = rounds8(
    s24,
    K[24] + w16.w8, K[25] + w16.w9, K[26] + w16.w10, K[27] + w16.w11,
    K[28] + w16.w12, K[29] + w16.w13, K[30] + w16.w14, K[31] + w16.w15,
  );
  let w32 = nextWordsFrom(Word(prepared.w32), w16);
  return rounds48(rounds32(s32, w32), nextWords(w32));
}

// Working variables after some round, and sixteen words of the schedule from the next one on.
struct Halfway { s: State, w: Words }

// Rounds 16 … 47 of the second hash.
fn outerMiddle(s16: State, w16: Words) -> Halfway {
  let w32 = nextWords(w16);
  return Halfway(rounds32(rounds16(s16, w16), w32), nextWords(w32));
}
