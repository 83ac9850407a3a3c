// Two nonces per invocation: a word is two of them side by side.

alias Word = vec2<u32>;
alias Truth = vec2<bool>;
const LANES = 2u;
const LANE = Word(0u, 1u);

fn recordEach(nonce: Word, won: Truth) {
  if (won.x) { record(nonce.x); }
  if (won.y) { record(nonce.y); }
}
