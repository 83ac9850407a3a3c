// One nonce per invocation: a word is a u32.

alias Word = u32;
alias Truth = bool;
const LANES = 1u;
const LANE = 0u;

fn recordEach(nonce: Word, won: Truth) {
  if (won) { record(nonce); }
}
