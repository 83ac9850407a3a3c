// What the invocations of a workgroup have found each, joined: the larger wins, and of equals the one further to the
// left. The answer is the first invocation's alone. GROUP is a power of two.

var<workgroup> finds: array<Found, GROUP>;

fn joined(thread: u32, found: Found) -> Found {
  finds[thread] = found;
  for (var half = GROUP / 2; half > 0; half /= 2) {
    workgroupBarrier();
    if (thread < half) {
      let own = finds[thread];
      let other = finds[thread + half];
      if (other.value > own.value || (other.value == own.value && other.index < own.index)) {
        finds[thread] = other;
      }
    }
  }
  return finds[0];
}
