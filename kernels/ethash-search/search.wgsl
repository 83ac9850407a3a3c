// The job of a search: consecutive nonces, of which those are listed whose final hash is at most the boundary, in
// whatever order they are found. All 256 bits are compared. Next to 8 KiB of pages and two permutations that is nothing,
// so there is no early exit; nor does a search write anything to speak of.
//
// Follows ethash/hashes, shared/byte-swap (Word is vec4<u32>) and shared/hits (Hit is vec2<u32>, low word first).

struct Job {
  // The header's hash, 32 bytes.
  header: Digest,
  // Eight words, most significant first.
  boundary: Digest,
  // The first nonce, low word first.
  first: vec2<u32>,
}

@group(0) @binding(1) var<uniform> job: Job;
@group(0) @binding(2) var<storage, read_write> hitCount: array<atomic<u32>>;
@group(0) @binding(3) var<storage, read_write> hits: array<Hit>;

// Modulo 2⁶⁴.
fn nonceOf(index: u32) -> vec2<u32> {
  let low = job.first.x + index;
  return vec2(low, job.first.y + select(0u, 1u, low < index));
}

// The hash is read as a big-endian number; its words are little-endian.
fn deliver(index: u32, mix: Digest, result: Digest) {
  let lower = atMost(byteSwap(result[1]), job.boundary[1], true);
  if (atMost(byteSwap(result[0]), job.boundary[0], lower)) { record(nonceOf(index)); }
}

// Four words of the comparison; `rest` is the outcome of the less significant words.
fn atMost(words: vec4<u32>, limit: vec4<u32>, rest: bool) -> bool {
  let below = words < limit;
  let same = words == limit;
  return below.x || (same.x && (below.y || (same.y && (below.z || (same.z && (below.w || (same.w && rest)))))));
}
