// compute-test, sha256d: Bitcoin's double hash of an 80-byte header, over and over: each digest becomes the header's
// field of the previous block. One wrong bit in any round of any hash changes the end beyond recognition, so one word
// per invocation answers for all of it. Invocation i has the nonce i mod DISTINCT: the host works out so many ends.
//
// Modules: sha256-functions, sha256-constants, sha256-round, sha256-blocks, byte-swap. Alias: Word (u32).
// Constants: GROUP (invocations per workgroup), INVOCATIONS, DISTINCT, REPEATS.

// The header's 19 words before the nonce, big-endian.
@group(0) @binding(0) var<storage, read> header: array<u32>;
@group(0) @binding(1) var<storage, read_write> ends: array<u32>;

@compute @workgroup_size(GROUP)
fn main(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  let index = (group.y * groups.x + group.x) * GROUP + lane;
  if (index >= INVOCATIONS) { return; }
  let nonce = byteSwap(index % DISTINCT);
  var p = State(header[1], header[2], header[3], header[4], header[5], header[6], header[7], header[8]);
  for (var i = 0u; i < REPEATS; i++) {
    var h = initial();
    var w = Words(
      header[0], p.a, p.b, p.c, p.d, p.e, p.f, p.g, p.h,
      header[9], header[10], header[11], header[12], header[13], header[14], header[15],
    );
    // One compression in the program, three times round: a third of what there is to compile.
    for (var part = 0u; part < 3u; part++) {
      h = compress(h, w);
      if (part == 0u) {
        w = Words(
          header[16], header[17], header[18], nonce, 0x80000000u, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 640u,
        );
      } else if (part == 1u) {
        w = Words(h.a, h.b, h.c, h.d, h.e, h.f, h.g, h.h, 0x80000000u, 0, 0, 0, 0, 0, 0, 256u);
        h = initial();
      }
    }
    p = h;
  }
  // The index is part of it, so that a result in another's place is seen.
  ends[index] = (p.a ^ p.b ^ p.c ^ p.d ^ p.e ^ p.f ^ p.g ^ p.h) + index;
}
