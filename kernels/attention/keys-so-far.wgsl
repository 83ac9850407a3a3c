// attention: how many keys each head has, in a cache that is being filled: there is room for KEYS, and the newest is at
// `position`.
//
// Generated constant: POSITION_AT, the binding that says where.

@group(0) @binding(POSITION_AT) var<storage, read> position: array<u32>;

fn keyCount() -> u32 {
  return position[0] + 1;
}
