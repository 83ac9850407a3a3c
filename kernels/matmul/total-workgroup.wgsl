// Sums over all invocations of a workgroup, OUTPUTS of them, through workgroup memory: half of the invocations add what
// the other half holds, then a quarter, and so on. For adapters without subgroups.
//
// Generated constants: GROUP (invocations, a power of two), OUTPUTS.

struct Place {
  @builtin(local_invocation_index) thread: u32,
}

var<workgroup> partial: array<f32, OUTPUTS * GROUP>;

fn gather(place: Place, output: u32, value: f32) {
  partial[output * GROUP + place.thread] = value;
}

// Between the last `gather` and the first `gathered`, by all invocations.
fn fold(place: Place) {
  workgroupBarrier();
  for (var half = GROUP / 2; half > 0; half /= 2) {
    if (place.thread < half) {
      for (var output = 0u; output < OUTPUTS; output++) {
        let at = output * GROUP + place.thread;
        partial[at] += partial[at + half];
      }
    }
    workgroupBarrier();
  }
}

fn gathered(place: Place, output: u32) -> f32 {
  return partial[output * GROUP];
}
