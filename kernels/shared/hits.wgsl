// The list of winners, shared by the searches for nonces.
// Constants: CAPACITY (most nonces that the list holds; winners beyond it are counted, not stored).
// Aliases: Hit (a nonce as it is listed).
// The including file declares `hitCount: array<atomic<u32>>` and `hits: array<Hit>`.

fn record(nonce: Hit) {
  let slot = atomicAdd(&hitCount[0], 1u);
  if (slot < CAPACITY) { hits[slot] = nonce; }
}
