// llm, sample: the first of the largest logits is the next token; the position moves on by the tokens that were read.
//
// Generated constants: PAIRS (pairs of logits), STEP (tokens that were read), GENERATE, GROUP (workgroup size, a power
// of two).

@group(0) @binding(0) var<storage, read_write> logits: array<u32>;
@group(0) @binding(1) var<storage, read_write> position: array<u32>;
@group(0) @binding(2) var<storage, read_write> sampled: array<u32>;

var<workgroup> values: array<f32, GROUP>;
var<workgroup> places: array<u32, GROUP>;

@compute @workgroup_size(GROUP)
fn main(@builtin(local_invocation_index) thread: u32) {
  var largest = -0x1.fffffep+127f;
  var index = 0u;
  for (var i = thread; i < PAIRS; i += GROUP) {
    let pair = unpack2x16float(logits[i]);
    if (pair.x > largest) {
      largest = pair.x;
      index = 2 * i;
    }
    if (pair.y > largest) {
      largest = pair.y;
      index = 2 * i + 1;
    }
  }
  values[thread] = largest;
  places[thread] = index;
  for (var half = GROUP / 2; half > 0; half /= 2) {
    workgroupBarrier();
    if (thread < half) {
      let other = values[thread + half];
      let place = places[thread + half];
      if (other > values[thread] || (other == values[thread] && place < places[thread])) {
        values[thread] = other;
        places[thread] = place;
      }
    }
  }
  if (thread == 0) {
    if (GENERATE) {
      sampled[position[0]] = places[0];
    } else {
      sampled[0] = places[0];
    }
    position[0] += STEP;
  }
}
