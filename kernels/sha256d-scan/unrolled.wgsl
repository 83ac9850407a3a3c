// Bitcoin's proof of work, one invocation per nonce. Added to the midstate version: the compressions are unrolled,
// with round constants and padding as literals. No array is indexed, so that nothing need live in memory.
//
// Modules: word-1, sha256-functions, sha256-constants, sha256-blocks, byte-swap, hits.
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

  let midstate = State(job[0], job[1], job[2], job[3], job[4], job[5], job[6], job[7]);
  let inner = compress(
    midstate, Words(job[8], job[9], job[10], byteSwap(nonce), 0x80000000u, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 640u),
  );
  let outer = compress(
    initial(),
    Words(
      inner.a, inner.b, inner.c, inner.d, inner.e, inner.f, inner.g, inner.h,
      0x80000000u, 0, 0, 0, 0, 0, 0, 256u,
    ),
  );

  // Nearly every nonce ends here: the digest's last word, byte-swapped, is its most significant.
  let top = byteSwap(outer.h);
  if (top > job[13]) { return; }
  if (top == job[13]) {
    var digest = array<u32, 7>(outer.g, outer.f, outer.e, outer.d, outer.c, outer.b, outer.a);
    for (var i = 0u; i < 7u; i++) {
      let word = byteSwap(digest[i]);
      if (word > job[14u + i]) { return; }
      if (word < job[14u + i]) { break; }
    }
  }
  record(nonce);
}
