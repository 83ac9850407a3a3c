// The job of a list of hashes: any nonces, each answered with both of its hashes. Follows ethash/hashes.

struct Job {
  // The header's hash, 32 bytes.
  header: Digest,
}

@group(0) @binding(1) var<uniform> job: Job;
// Low word first.
@group(0) @binding(2) var<storage, read> nonces: array<vec2<u32>>;
// Per nonce 64 bytes: mix hash, final hash.
@group(0) @binding(3) var<storage, read_write> digests: array<vec4<u32>>;

fn nonceOf(index: u32) -> vec2<u32> {
  return nonces[index];
}

fn deliver(index: u32, mix: Digest, result: Digest) {
  digests[4u * index] = mix[0];
  digests[4u * index + 1u] = mix[1];
  digests[4u * index + 2u] = result[0];
  digests[4u * index + 3u] = result[1];
}
