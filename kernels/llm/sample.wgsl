// llm, sample: the first of the largest logits is the next token; the position moves on by the tokens that were read.
//
// Generated constants: PAIRS (pairs of logits), STEP (tokens that were read), GENERATE, GROUP (workgroup size, a power
// of two).

@group(0) @binding(0) var<storage, read_write> logits: array<u32>;
@group(0) @binding(1) var<storage, read_write> position: array<u32>;
@group(0) @binding(2) var<storage, read_write> sampled: array<u32>;

@compute @workgroup_size(GROUP)
fn main(@builtin(local_invocation_index) thread: u32) {
  var found = nothing();
  for (var i = thread; i < PAIRS; i += GROUP) {
    found = withPair(found, unpack2x16float(logits[i]), i);
  }
  found = joined(thread, found);
  if (thread == 0) {
    if (GENERATE) {
      sampled[position[0]] = found.index;
    } else {
      sampled[0] = found.index;
    }
    position[0] += STEP;
  }
}
