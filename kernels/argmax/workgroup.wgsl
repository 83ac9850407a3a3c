// argmax, workgroup: a workgroup per row. Each invocation keeps the first of its own largest values; in workgroup
// memory the larger wins, and of equals the one further to the left.
//
// Generated constants: ROWS, PAIRS (pairs of elements in a row), GROUP (workgroup size, a power of two).

@group(0) @binding(0) var<storage, read> x: array<Pair>;
@group(0) @binding(1) var<storage, read_write> indices: array<u32>;

var<workgroup> values: array<f32, GROUP>;
var<workgroup> places: array<u32, GROUP>;

@compute @workgroup_size(GROUP)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) thread: u32,
) {
  let row = group.y * groups.x + group.x;
  if (row >= ROWS) {
    return;
  }
  var largest = LEAST;
  var index = 0u;
  for (var i = thread; i < PAIRS; i += GROUP) {
    let pair = unpackPair(x[row * PAIRS + i]);
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
    indices[row] = places[0];
  }
}
