// SHA-256 of whole messages, one invocation per message, on the unrolled compression function: scalars
// instead of arrays, literal round constants, and one 16-byte load for four message words.
//
// Modules: sha256-functions, sha256-constants, sha256-blocks; `Word` is u32.
// Constants: GROUP (invocations per workgroup). How many messages is data, so that one pipeline serves every batch.

// Padded messages (FIPS 180-4, section 5.1.1), four 4-word vectors per block, words big-endian.
@group(0) @binding(0) var<storage, read> blocks: array<vec4<u32>>;
// Element 0: how many messages; message i owns blocks table[i + 1] … table[i + 2] − 1.
@group(0) @binding(1) var<storage, read> table: array<u32>;
// Two 4-word vectors per message.
@group(0) @binding(2) var<storage, read_write> digests: array<vec4<u32>>;

@compute @workgroup_size(GROUP)
fn main(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  let message = (group.y * groups.x + group.x) * GROUP + lane;
  if (message >= table[0]) { return; }

  var s = initial();
  let end = table[message + 2u];
  for (var b = table[message + 1u]; b < end; b++) {
    let p = blocks[b * 4u];
    let q = blocks[b * 4u + 1u];
    let r = blocks[b * 4u + 2u];
    let t = blocks[b * 4u + 3u];
    s = compress(s, Words(p.x, p.y, p.z, p.w, q.x, q.y, q.z, q.w, r.x, r.y, r.z, r.w, t.x, t.y, t.z, t.w));
  }
  digests[message * 2u] = vec4(s.a, s.b, s.c, s.d);
  digests[message * 2u + 1u] = vec4(s.e, s.f, s.g, s.h);
}
