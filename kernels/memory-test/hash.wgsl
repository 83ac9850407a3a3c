// Pattern `hash`: word = mix(index ^ key). The mixing is a bijection, so that no two words of a chunk are equal and a
// word read in the wrong place tells whence it came. The key is made of seed, pass and chunk on the host.

// The finaliser of MurmurHash3 (Appleby, public domain).
fn mix(x: vec4<u32>) -> vec4<u32> {
  var h = (x ^ (x >> vec4<u32>(16u))) * 0x85ebca6bu;
  h = (h ^ (h >> vec4<u32>(13u))) * 0xc2b2ae35u;
  return h ^ (h >> vec4<u32>(16u));
}

fn pattern(at: u32, p: vec4<u32>) -> vec4<u32> {
  let index = vec4<u32>(4u * at) + vec4<u32>(0u, 1u, 2u, 3u);
  return mix(index ^ vec4<u32>(p.x ^ p.w)) ^ vec4<u32>(p.y);
}
