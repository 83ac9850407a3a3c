// The sum of one value of every invocation of a workgroup, handed to all of them: halves the number of summands with
// each barrier. To be called by all invocations alike; GROUP is a power of two.

var<workgroup> summands: array<f32, GROUP>;

fn workgroupSum(thread: u32, value: f32) -> f32 {
  summands[thread] = value;
  for (var half = GROUP / 2; half > 0; half /= 2) {
    workgroupBarrier();
    if (thread < half) {
      summands[thread] += summands[thread + half];
    }
  }
  workgroupBarrier();
  return summands[0];
}
