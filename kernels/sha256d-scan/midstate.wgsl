// Bitcoin's proof of work, one invocation per nonce. Added to the naive version: the header's first block does not
// hold the nonce, so the host computes the chaining value after it, the midstate, once. Two compressions of three
// are left, still with arrays and loops.
//
// Modules: word-1, sha256-functions, sha256-constants, sha256-rounds, byte-swap, hits.
// Constants: GROUP (invocations per workgroup), CAPACITY. How many nonces is data, so that one pipeline serves every
// range.

// Words 0 … 7: midstate; 8 … 10: the header's last words before the nonce, big-endian; 11: first nonce;
// 12: how many follow it; 13 … 20: target, most significant word first.
@group(0) @binding(0) var<storage, read> job: array<u32>;
@group(0) @binding(1) var<storage, read_write> hitCount: array<atomic<u32>>;
@group(0) @binding(2) var<storage, read_write> hits: array<u32>;

@compute @workgroup_size(GROUP)
fn main(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  let workgroup = group.y * groups.x + group.x;
  let index = workgroup * GROUP + lane;
  // The index alone would wrap where 2³² nonces leave idle invocations behind the last.
  if (index > job[12] || workgroup > job[12] / GROUP) { return; }
  let nonce = job[11] + index;

  var inner: array<u32, 8>;
  for (var i = 0u; i < 8u; i++) { inner[i] = job[i]; }
  var block = array<u32, 16>(
    job[8], job[9], job[10], byteSwap(nonce), 0x80000000u, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 640u,
  );
  compress(&inner, &block);

  for (var i = 0u; i < 8u; i++) { block[i] = inner[i]; }
  block[8] = 0x80000000u;
  for (var i = 9u; i < 15u; i++) { block[i] = 0u; }
  block[15] = 256u;
  var outer = INITIAL;
  compress(&outer, &block);

  // The digest is read as a little-endian number: its last word, byte-swapped, is the most significant.
  for (var i = 0u; i < 8u; i++) {
    let word = byteSwap(outer[7u - i]);
    if (word > job[13u + i]) { return; }
    if (word < job[13u + i]) { break; }
  }
  record(nonce);
}
