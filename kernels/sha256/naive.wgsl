// SHA-256 of whole messages, one invocation per message, written as the standard writes it: the schedule
// and the working variables are arrays, the rounds are a loop. The first chapter of the story and a second
// oracle for what follows.
//
// Modules: sha256-functions, sha256-constants, sha256-rounds; `Word` is u32.
// Constants: GROUP (invocations per workgroup). How many messages is data, so that one pipeline serves every batch.

// Padded messages (FIPS 180-4, section 5.1.1), sixteen big-endian words per block.
@group(0) @binding(0) var<storage, read> blocks: array<u32>;
// Element 0: how many messages; message i owns blocks table[i + 1] … table[i + 2] − 1.
@group(0) @binding(1) var<storage, read> table: array<u32>;
// Eight words per message.
@group(0) @binding(2) var<storage, read_write> digests: array<u32>;

@compute @workgroup_size(GROUP)
fn main(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  let message = (group.y * groups.x + group.x) * GROUP + lane;
  if (message >= table[0]) { return; }

  var state = INITIAL;
  for (var b = table[message + 1u]; b < table[message + 2u]; b++) {
    var block: array<u32, 16>;
    for (var i = 0u; i < 16u; i++) { block[i] = blocks[b * 16u + i]; }
    compress(&state, &block);
  }
  for (var i = 0u; i < 8u; i++) { digests[message * 8u + i] = state[i]; }
}
