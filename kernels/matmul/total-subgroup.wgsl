// Sums over all invocations of a workgroup, OUTPUTS of them: within a subgroup by the adapter's own sum, in registers;
// what then is left, one value per subgroup, goes through workgroup memory with a single barrier.
//
// Generated constants: GROUP (invocations), OUTPUTS.

struct Place {
  @builtin(local_invocation_index) thread: u32,
  @builtin(subgroup_id) subgroup: u32,
  @builtin(num_subgroups) subgroups: u32,
}

const SUBGROUPS = GROUP / 4; // there are no smaller ones than of four
var<workgroup> partial: array<f32, OUTPUTS * SUBGROUPS>;

fn gather(place: Place, output: u32, value: f32) {
  let sum = subgroupAdd(value);
  if (subgroupElect()) {
    partial[output * SUBGROUPS + place.subgroup] = sum;
  }
}

// Between the last `gather` and the first `gathered`, by all invocations.
fn fold(place: Place) {
  workgroupBarrier();
}

fn gathered(place: Place, output: u32) -> f32 {
  var sum = 0.0;
  for (var i = 0u; i < place.subgroups; i++) {
    sum += partial[output * SUBGROUPS + i];
  }
  return sum;
}
