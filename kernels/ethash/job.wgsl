// What a search reads and writes, besides cache or DAG.

struct Sizes {
  // Nonces to hash.
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

// The header's hash, 32 bytes.
@group(0) @binding(1) var<uniform> header: Digest;
// Low word first.
@group(0) @binding(2) var<storage, read> nonces: array<vec2<u32>>;
// Per nonce 64 bytes: mix hash, final hash.
@group(0) @binding(3) var<storage, read_write> digests: array<vec4<u32>>;
// Data, not constants: one program for all sizes.
@group(0) @binding(4) var<uniform> sizes: Sizes;

fn storeDigests(index: u32, mix: Digest, result: Digest) {
  digests[4u * index] = mix[0];
  digests[4u * index + 1u] = mix[1];
  digests[4u * index + 2u] = result[0];
  digests[4u * index + 3u] = result[1];
}

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
