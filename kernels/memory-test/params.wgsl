// What every pipeline of the memory test is told about its piece of work. One pattern is `before`, what memory holds;
// `after` is what a step leaves. A pattern's words are: key or value, what its words are inverted with (0 or all ones),
// shift or offset, and what its indices are joined with by exclusive or.

struct Params {
  // Vectors of 16 bytes: the first, and how many.
  start: u32,
  count: u32,
  // One bit: which vectors are exchanged or aliased.
  mask: u32,
  chunk: u32,
  before: vec4<u32>,
  after: vec4<u32>,
  // First block of the heat map for this chunk, and log₂ of the vectors in a block.
  heat: u32,
  heat_shift: u32,
  // Most errors that are recorded, and most invocations that have work.
  capacity: u32,
  extra: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
