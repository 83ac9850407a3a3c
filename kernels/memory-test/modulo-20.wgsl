// Pattern `modulo-20`: every twentieth word holds a value, all others its complement. Twenty words are five vectors.

fn pattern(at: u32, p: vec4<u32>) -> vec4<u32> {
  let value = p.x ^ p.y;
  let here = vec4<bool>(at % 5u == p.z / 4u) & (vec4<u32>(0u, 1u, 2u, 3u) == vec4<u32>(p.z % 4u));
  return select(vec4<u32>(~value), vec4<u32>(value), here);
}
