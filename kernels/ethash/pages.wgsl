// The sizes of cache and DAG, and which page an access reads. Follows shared/remainder and ethash/hashes.

struct Sizes {
  // Nonces that are hashed.
  count: u32,
  // Pages of the dataset, and 2³² ÷ pages, rounded down.
  pages: u32,
  pagesReciprocal: u32,
  // Pages in each binding of the DAG but the last.
  piece: u32,
  // Of the cache.
  rows: u32,
  rowsReciprocal: u32,
}

// Data, not constants: one program for all sizes.
@group(0) @binding(4) var<uniform> sizes: Sizes;

// The page that access number `access` reads; `head` is the seed's first word, `word` the mix's at access % 32.
fn pageOf(access: u32, head: u32, word: u32) -> u32 {
  return remainderBy(fnv(access ^ head, word), sizes.pages, sizes.pagesReciprocal);
}

// Four words of the mix become one.
fn compress(mix: vec4<u32>) -> u32 {
  return fnv(fnv(fnv(mix.x, mix.y), mix.z), mix.w);
}

// Word 0 … 3, by comparisons: what is indexed by a variable cannot stay in registers.
fn wordOf(four: vec4<u32>, number: u32) -> u32 {
  return select(
    select(four.x, four.y, number == 1u),
    select(four.z, four.w, number == 3u),
    number >= 2u,
  );
}
