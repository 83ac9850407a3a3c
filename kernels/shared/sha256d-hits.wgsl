// The list of winners, shared by the scans.
// Constants: CAPACITY (most nonces that the list holds; winners beyond it are counted, not stored).
// The including file declares `hitCount: array<atomic<u32>>` and `hits: array<u32>`.

fn byteSwap(x: Word) -> Word {
  return (x << Word(24u)) | ((x & Word(0xff00u)) << Word(8u)) | ((x >> Word(8u)) & Word(0xff00u)) | (x >> Word(24u));
}

fn record(nonce: u32) {
  let slot = atomicAdd(&hitCount[0], 1u);
  if (slot < CAPACITY) { hits[slot] = nonce; }
}
