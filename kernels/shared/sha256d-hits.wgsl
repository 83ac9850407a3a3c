// The test of a proof-of-work hash against its target and the list of winners, shared by the scans.
// Constants: CAPACITY (most nonces that the list holds; winners beyond it are counted, not stored).
// The including file declares `hitCount: array<atomic<u32>>` and `hits: array<u32>`.

fn byteSwap(x: u32) -> u32 {
  return (x << 24u) | ((x & 0xff00u) << 8u) | ((x >> 8u) & 0xff00u) | (x >> 24u);
}

fn record(nonce: u32) {
  let slot = atomicAdd(&hitCount[0], 1u);
  if (slot < CAPACITY) { hits[slot] = nonce; }
}
