// How a wrong word is recorded: counted always, listed while there is room, with its place in the heat map.
// One atomic for the up to four wrong words of a vector: where everything is wrong, a card would otherwise count for
// longer than a driver waits.
//
// Needs the module params.wgsl before it.

struct Record {
  chunk: u32,
  word: u32,
  expected: u32,
  got: u32,
}
struct Log {
  count: atomic<u32>,
  // Written by a scrub that never happens, so that its reads cannot be left out.
  sink: u32,
  unused: vec2<u32>,
  records: array<Record>,
}

@group(0) @binding(2) var<storage, read_write> log: Log;
@group(0) @binding(3) var<storage, read_write> heat: array<atomic<u32>>;

// Returns whether any of it was listed.
fn note(at: u32, want: vec4<u32>, got: vec4<u32>) -> bool {
  let wrong = select(vec4<u32>(0u), vec4<u32>(1u), want != got);
  let count = wrong.x + wrong.y + wrong.z + wrong.w;
  atomicAdd(&heat[params.heat + (at >> params.heat_shift)], count);
  let first = atomicAdd(&log.count, count);
  var slot = first;
  for (var j = 0u; j < 4u; j++) {
    if (wrong[j] == 1u && slot < params.capacity) {
      log.records[slot] = Record(params.chunk, 4u * at + j, want[j], got[j]);
      slot++;
    }
  }
  return first < params.capacity;
}
