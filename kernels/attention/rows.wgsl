// Shared by the dispatches of attention. A row is one query of one head of one batch:
// (batch · HEADS + head) · QUERIES + query.
//
// Constants: HEADS, KV_HEADS, QUERIES, KEYS, CAUSAL.

// How many keys the row's query sees: all, or up to itself when the last query is aligned to the last key.
fn visible(row: u32) -> u32 {
  if (CAUSAL) {
    return row % QUERIES + 1 + (KEYS - QUERIES);
  }
  return KEYS;
}

// The row's head of k and v, counted over batches. Consecutive query heads share one.
fn keyHead(row: u32) -> u32 {
  let head = row / QUERIES;
  return (head / HEADS) * KV_HEADS + (head % HEADS) / (HEADS / KV_HEADS);
}
