// llm, attend: one token against the cache as far as it is filled, a workgroup per query head. Scores are brought
// together in workgroup memory, then every invocation sums a few elements of the values. For the short contexts of
// generation from nothing; a long one is the workload `attention`.
//
// Generated constants: HEADS, KV_HEADS, PAIRS (pairs of elements in a head), CONTEXT (positions in the cache), GROUP
// (workgroup size, a power of two), SCALE (f32).

@group(0) @binding(0) var<storage, read_write> q: array<u32>; // [HEADS, PAIRS]
@group(0) @binding(1) var<storage, read_write> k: array<u32>; // [KV_HEADS, CONTEXT, PAIRS]
@group(0) @binding(2) var<storage, read_write> v: array<u32>;
@group(0) @binding(3) var<storage, read_write> position: array<u32>;
@group(0) @binding(4) var<storage, read_write> out: array<u32>; // [HEADS, PAIRS]

var<workgroup> scores: array<f32, CONTEXT>;
var<workgroup> maxima: array<f32, GROUP>;

@compute @workgroup_size(GROUP)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let head = group.x;
  let cache = head / (HEADS / KV_HEADS) * CONTEXT;
  let keys = position[0] + 1;
  var largest = -0x1.fffffep+127f;
  for (var key = thread; key < keys; key += GROUP) {
    var score = 0f;
    for (var i = 0u; i < PAIRS; i++) {
      score += dot(unpack2x16float(q[head * PAIRS + i]), unpack2x16float(k[(cache + key) * PAIRS + i]));
    }
    scores[key] = score * SCALE;
    largest = max(largest, score * SCALE);
  }
  maxima[thread] = largest;
  for (var half = GROUP / 2; half > 0; half /= 2) {
    workgroupBarrier();
    if (thread < half) {
      maxima[thread] = max(maxima[thread], maxima[thread + half]);
    }
  }
  workgroupBarrier();
  largest = maxima[0];
  var total = 0f;
  for (var key = thread; key < keys; key += GROUP) {
    let weight = exp(scores[key] - largest);
    scores[key] = weight;
    total += weight;
  }
  total = workgroupSum(thread, total);
  for (var i = thread; i < PAIRS; i += GROUP) {
    var sum = vec2<f32>();
    for (var key = 0u; key < keys; key++) {
      sum += scores[key] * unpack2x16float(v[(cache + key) * PAIRS + i]);
    }
    out[head * PAIRS + i] = pack2x16float(sum / total);
  }
}
