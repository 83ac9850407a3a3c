// attention, decode, first of two dispatches: few queries, many keys. A workgroup takes one head of k and v, ROWS of
// the queries that share it, and a stretch of PER_SPLIT keys; what it finds (largest score, sum of weights, weighted
// values) goes to memory for `merge` (Dao et al. 2023, Flash-Decoding). So every key and value is read once for all
// query heads of its group, and however few the heads are, the whole card reads.
//
// LANES neighbours share a key: each loads every LANES-th quad of it, so that a load is one piece of memory, and
// holds the same quads of the queries and of the output in registers; partial products are added up by
// subgroupShuffleXor. Such a cluster walks along its own keys, EACH at a time so that several loads are on their way,
// with its own running maximum. Only at the end are the clusters of a workgroup brought together.
//
// A subgroup of fewer lanes than LANES computes each score in every lane.
//
// Modules: the type’s query and cache, all-keys or keys-so-far. Constants: HEADS, KV_HEADS, QUERIES, KEYS, QUADS (of a head), CAUSAL, SCALE (with
// log2 e), GROUP, LANES, ROWS, EACH, SPLITS, PER_SPLIT, NARROW (subgroups may have fewer than LANES).

const ROWS_PER_HEAD = HEADS / KV_HEADS * QUERIES; // of k and v
const PARTS = (QUADS + LANES - 1) / LANES;
const CLUSTERS = GROUP / LANES;
const LOWEST = -3.4028234e38f;

@group(0) @binding(0) var<storage, read> q: array<QueryQuad>;
@group(0) @binding(1) var<storage, read> k: array<CacheQuad>;
@group(0) @binding(2) var<storage, read> v: array<CacheQuad>;
// [head of k and v, row, split]: largest score and sum of weights; weighted values relative to it.
@group(0) @binding(3) var<storage, read_write> ends: array<vec2<f32>>;
@group(0) @binding(4) var<storage, read_write> parts: array<vec4<f32>>;

var<workgroup> tops: array<vec2<f32>, CLUSTERS * ROWS>;
var<workgroup> meeting: array<vec4<f32>, CLUSTERS * ROWS * PARTS * LANES>;

@compute @workgroup_size(GROUP)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,
  @builtin(subgroup_size) lanes: u32,
) {
  let head = group.y;
  let split = group.x;
  let firstRow = group.z * ROWS;
  let cluster = local.x / LANES;
  let lane = local.x % LANES;
  let begin = split * PER_SPLIT;
  let keys = keyCount();
  let end = min(begin + PER_SPLIT, keys);

  var mine: array<array<vec4<f32>, PARTS>, ROWS>;
  var sums: array<array<vec4<f32>, PARTS>, ROWS>;
  var top: array<f32, ROWS>;
  var total: array<f32, ROWS>;
  var seen: array<u32, ROWS>;
  for (var r = 0u; r < ROWS; r++) {
    let row = min(firstRow + r, ROWS_PER_HEAD - 1);
    seen[r] = min(end, select(keys, row % QUERIES + 1 + (keys - QUERIES), CAUSAL));
    top[r] = LOWEST;
    for (var i = 0u; i < PARTS; i++) {
      let quad = i * LANES + lane;
      let part = query(q[(head * ROWS_PER_HEAD + row) * QUADS + min(quad, QUADS - 1)]);
      mine[r][i] = select(vec4<f32>(), part * SCALE, quad < QUADS);
    }
  }

  for (var first = begin; first < end; first += CLUSTERS * EACH) {
    var scores: array<array<f32, EACH>, ROWS>;
    for (var e = 0u; e < EACH; e++) {
      let key = head * KEYS + min(first + e * CLUSTERS + cluster, end - 1);
      // Zeroed by hand: an unrolled loop was seen to go on with the sums of the turn before (Mesa 25.0, llvmpipe).
      var dots: array<f32, ROWS>;
      for (var r = 0u; r < ROWS; r++) {
        dots[r] = 0.0;
      }
      for (var i = 0u; i < PARTS; i++) {
        // Where there is no such quad the query's is zero, but the key's may be anything.
        let quad = i * LANES + lane;
        let part = select(vec4<f32>(), cached(k[key * QUADS + min(quad, QUADS - 1)]), quad < QUADS);
        for (var r = 0u; r < ROWS; r++) {
          dots[r] += dot(mine[r][i], part);
        }
      }
      let scale = scales(key).x;
      for (var r = 0u; r < ROWS; r++) {
        scores[r][e] = dots[r] * scale;
      }
    }
    for (var r = 0u; r < ROWS; r++) {
      for (var e = 0u; e < EACH; e++) {
        if (!NARROW || lanes >= LANES) {
          scores[r][e] = clusterSum(scores[r][e]);
        } else {
          let position = min(first + e * CLUSTERS + cluster, end - 1);
          scores[r][e] = wholeScore(head, min(firstRow + r, ROWS_PER_HEAD - 1), position);
        }
      }
    }
    for (var r = 0u; r < ROWS; r++) {
      var high = top[r];
      for (var e = 0u; e < EACH; e++) {
        high = select(high, max(high, scores[r][e]), first + e * CLUSTERS + cluster < seen[r]);
      }
      let factor = exp2(top[r] - high);
      top[r] = high;
      total[r] *= factor;
      for (var e = 0u; e < EACH; e++) {
        scores[r][e] = select(0.0, exp2(scores[r][e] - high), first + e * CLUSTERS + cluster < seen[r]);
        total[r] += scores[r][e];
      }
      for (var i = 0u; i < PARTS; i++) {
        sums[r][i] *= factor;
      }
    }
    for (var e = 0u; e < EACH; e++) {
      let position = first + e * CLUSTERS + cluster;
      let key = head * KEYS + min(position, end - 1);
      let scale = scales(key).y;
      for (var i = 0u; i < PARTS; i++) {
        let part = cached(v[key * QUADS + min(i * LANES + lane, QUADS - 1)]) * scale;
        for (var r = 0u; r < ROWS; r++) {
          // A hidden value must not even be multiplied by zero: it may be infinite.
          sums[r][i] = select(sums[r][i], fma(vec4<f32>(scores[r][e]), part, sums[r][i]), position < seen[r]);
        }
      }
    }
  }

  // One barrier for all rows: where workgroups are loops on a processor, each costs as much as a pass over the keys.
  for (var r = 0u; r < ROWS; r++) {
    if (lane == 0) {
      tops[r * CLUSTERS + cluster] = vec2<f32>(top[r], total[r]);
    }
    for (var i = 0u; i < PARTS; i++) {
      meeting[((cluster * ROWS + r) * PARTS + i) * LANES + lane] = sums[r][i];
    }
  }
  workgroupBarrier();
  for (var at = local.x; at < ROWS * QUADS; at += GROUP) {
    let r = at / QUADS;
    let quad = at % QUADS;
    if (firstRow + r >= ROWS_PER_HEAD) {
      continue;
    }
    var high = LOWEST;
    for (var c = 0u; c < CLUSTERS; c++) {
      high = max(high, tops[r * CLUSTERS + c].x);
    }
    var sum = vec4<f32>();
    var weights = 0.0;
    for (var c = 0u; c < CLUSTERS; c++) {
      let found = tops[r * CLUSTERS + c];
      let factor = exp2(found.x - high);
      sum += meeting[(c * ROWS + r) * PARTS * LANES + quad] * factor;
      weights += found.y * factor;
    }
    let to = (head * ROWS_PER_HEAD + firstRow + r) * SPLITS + split;
    parts[to * QUADS + quad] = sum;
    if (quad == 0) {
      ends[to] = vec2<f32>(high, weights);
    }
  }
}

fn clusterSum(part: f32) -> f32 {
  var sum = part;
  // No loop: with a step that the compiler knows a shuffle is one instruction.
  sum += subgroupShuffleXor(sum, 1);
  sum += subgroupShuffleXor(sum, 2);
  if (LANES > 4) {
    sum += subgroupShuffleXor(sum, 4);
  }
  if (LANES > 8) {
    sum += subgroupShuffleXor(sum, 8);
  }
  return sum;
}

fn wholeScore(head: u32, row: u32, position: u32) -> f32 {
  let key = head * KEYS + position;
  var sum = 0.0;
  for (var i = 0u; i < QUADS; i++) {
    sum += dot(query(q[(head * ROWS_PER_HEAD + row) * QUADS + i]), cached(k[key * QUADS + i]));
  }
  return sum * (scales(key).x * SCALE);
}
