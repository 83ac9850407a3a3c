// ethash-cache, sequential: the light cache by one invocation, because each row depends on the one before it: first a
// chain of hashes, then three passes in which a row becomes the hash of its predecessor and of one that it names.
// Not what a GPU is for; it shows what a single lane of it does.
//
// Follows shared/keccak, shared/remainder and ethash/hashes.

struct Part {
  // Steps are numbered through all four passes.
  first: u32,
  count: u32,
  // Of the cache, and 2³² ÷ rows, rounded down.
  rows: u32,
  reciprocal: u32,
}
// Keccak-512 of the seed.
@group(0) @binding(0) var<uniform> start: Row;
@group(0) @binding(1) var<uniform> part: Part;
@group(0) @binding(2) var<storage, read_write> cache: array<vec4<u32>>;

@compute @workgroup_size(1)
fn main() {
  let rows = part.rows;
  for (var step = part.first; step < part.first + part.count; step++) {
    if (step == 0u) {
      storeRow(0u, start);
      continue;
    }
    var row = step;
    while (row >= rows) { row -= rows; }
    var content = loadRow(select(row, rows, row == 0u) - 1u);
    if (step >= rows) {
      let other = loadRow(remainderBy(cache[4u * row].x, rows, part.reciprocal));
      for (var v = 0u; v < 4u; v++) { content[v] ^= other[v]; }
    }
    storeRow(row, hashRow(content));
  }
}

fn loadRow(row: u32) -> Row {
  return Row(cache[4u * row], cache[4u * row + 1u], cache[4u * row + 2u], cache[4u * row + 3u]);
}

fn storeRow(row: u32, content: Row) {
  for (var v = 0u; v < 4u; v++) { cache[4u * row + v] = content[v]; }
}
