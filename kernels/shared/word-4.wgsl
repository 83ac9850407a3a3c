// Four nonces per invocation: a word is four of them side by side.

alias Word = vec4<u32>;
alias Truth = vec4<bool>;
const LANES = 4u;
const LANE = Word(0u, 1u, 2u, 3u);

fn recordEach(nonce: Word, won: Truth) {
  if (won.x) { record(nonce.x); }
  if (won.y) { record(nonce.y); }
  if (won.z) { record(nonce.z); }
  if (won.w) { record(nonce.w); }
}
