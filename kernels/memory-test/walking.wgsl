// Pattern `walking-bits`: one bit set in each word, or one clear, neighbours' bits side by side. With another shift
// it is another bit, so that 32 of them set each bit of each word once.

fn pattern(at: u32, p: vec4<u32>) -> vec4<u32> {
  let index = (vec4<u32>(4u * at) + vec4<u32>(0u, 1u, 2u, 3u)) ^ vec4<u32>(p.w);
  return (vec4<u32>(1u) << ((index + p.z) & vec4<u32>(31u))) ^ vec4<u32>(p.y);
}
