// attention: how many keys each head has: as many as there is room for.

fn keyCount() -> u32 {
  return KEYS;
}
