// attention, flash-lanes: every invocation owns ROWS_EACH queries, with q and the running output in registers, and
// walks along the keys once, keeping the largest score so far, the sum of weights and the weighted values relative to
// it (Milakov and Gimelshein 2018, Online normalizer calculation for softmax; Dao et al. 2022, FlashAttention,
// section 3.1). The score matrix never exists. Neither workgroup memory nor barriers are used: each of LANES
// neighbours loads another part of a key, and subgroupShuffle hands it round, so one load serves LANES · ROWS_EACH
// queries. Largest score and sum are an invocation's own and need no reduction.
//
// All queries that share a head of k and v follow one another in memory, those of several heads too, and a workgroup
// takes GROUP · ROWS_EACH of them; what none of them sees is not visited. Keys go four at a time, so that the output is
// rescaled at most once in four, and only when some lane has met a higher score. Scores are in units of log2, since
// exp2() is what processors have.
//
// A subgroup of fewer lanes than LANES takes a plain loop at the end, where there may be any (NARROW).
//
// Modules: the type’s query and cache. Constants: HEADS, KV_HEADS, QUERIES, KEYS, QUADS (of a head), CAUSAL, SCALE (with
// log2 e), GROUP, ROWS_EACH, NARROW.

const LANES = 8u;
const LOADS = (QUADS + LANES - 1) / LANES;
const ROWS_PER_HEAD = HEADS / KV_HEADS * QUERIES; // of k and v
const TILE = GROUP * ROWS_EACH;
const STEP = 4u; // keys
const LOWEST = -3.4028234e38f;

@group(0) @binding(0) var<storage, read> q: array<QueryQuad>;
@group(0) @binding(1) var<storage, read> k: array<CacheQuad>;
@group(0) @binding(2) var<storage, read> v: array<CacheQuad>;
@group(0) @binding(3) var<storage, read_write> out: array<QueryQuad>;

var<private> mine: array<vec4<f32>, QUADS * ROWS_EACH>;
var<private> sums: array<vec4<f32>, QUADS * ROWS_EACH>;
alias PerRow = array<f32, ROWS_EACH>;

fn scoresOf(key: u32, lane: u32) -> PerRow {
  var dots: array<vec4<f32>, ROWS_EACH>;
  for (var load = 0u; load < LOADS; load++) {
    let part = cached(k[key * QUADS + min(load * LANES + lane % LANES, QUADS - 1)]);
    for (var i = 0u; i < min(LANES, QUADS - load * LANES); i++) {
      let quad = subgroupShuffle(part, i);
      for (var r = 0u; r < ROWS_EACH; r++) {
        dots[r] = fma(mine[r * QUADS + load * LANES + i], quad, dots[r]);
      }
    }
  }
  let scale = scales(key).x;
  var scores: PerRow;
  for (var r = 0u; r < ROWS_EACH; r++) {
    scores[r] = (dots[r].x + dots[r].y + (dots[r].z + dots[r].w)) * scale;
  }
  return scores;
}

// A hidden value must not even be multiplied by zero: it may be infinite.
fn add(key: u32, lane: u32, weights: PerRow, position: u32, seen: array<u32, ROWS_EACH>) {
  let scale = scales(key).y;
  for (var load = 0u; load < LOADS; load++) {
    let part = cached(v[key * QUADS + min(load * LANES + lane % LANES, QUADS - 1)]) * scale;
    for (var i = 0u; i < min(LANES, QUADS - load * LANES); i++) {
      let quad = subgroupShuffle(part, i);
      for (var r = 0u; r < ROWS_EACH; r++) {
        let at = r * QUADS + load * LANES + i;
        sums[at] = select(sums[at], fma(vec4<f32>(weights[r]), quad, sums[at]), position < seen[r]);
      }
    }
  }
}

@compute @workgroup_size(GROUP)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,
  @builtin(subgroup_invocation_id) lane: u32,
  @builtin(subgroup_size) lanes: u32,
) {
  let firstRow = group.x * TILE;
  let head = group.y;
  var seen: array<u32, ROWS_EACH>;
  for (var r = 0u; r < ROWS_EACH; r++) {
    let row = min(firstRow + r * GROUP + local.x, ROWS_PER_HEAD - 1);
    seen[r] = select(KEYS, row % QUERIES + 1 + (KEYS - QUERIES), CAUSAL);
    for (var i = 0u; i < QUADS; i++) {
      mine[r * QUADS + i] = query(q[(head * ROWS_PER_HEAD + row) * QUADS + i]) * SCALE;
    }
  }
  // What any row of the workgroup sees; a tile that reaches into the next head has the end of the one before.
  let lastRow = min(firstRow + TILE, ROWS_PER_HEAD) - 1;
  let oneHead = firstRow / QUERIES == lastRow / QUERIES;
  let any = select(KEYS, select(QUERIES - 1, lastRow % QUERIES, oneHead) + 1 + (KEYS - QUERIES), CAUSAL);

  var top: PerRow;
  var total: PerRow;
  for (var r = 0u; r < ROWS_EACH; r++) {
    top[r] = LOWEST;
  }
  if (NARROW && lanes < LANES) {
    for (var r = 0u; r < ROWS_EACH; r++) {
      plain(head, firstRow + r * GROUP + local.x);
    }
    return;
  }
  let keys = head * KEYS;
  for (var first = 0u; first < any; first += STEP) {
    // Not a constant, lest the loops be unrolled: the code would be four times as long.
    let count = min(STEP, any - first);
    var scores: array<vec4<f32>, ROWS_EACH>;
    for (var r = 0u; r < ROWS_EACH; r++) {
      scores[r] = vec4<f32>(LOWEST);
    }
    for (var j = 0u; j < count; j++) {
      let score = scoresOf(keys + first + j, lane);
      for (var r = 0u; r < ROWS_EACH; r++) {
        scores[r] = select(scores[r], vec4<f32>(score[r]), vec4<u32>(j) == vec4<u32>(0, 1, 2, 3));
      }
    }
    for (var r = 0u; r < ROWS_EACH; r++) {
      let shown = vec4<u32>(first) + vec4<u32>(0, 1, 2, 3) < vec4<u32>(min(seen[r], any));
      let s = select(vec4<f32>(LOWEST), scores[r], shown);
      let high = max(max(s.x, s.y), max(s.z, s.w));
      if (subgroupAny(high > top[r])) {
        rescale(r, &top, &total, high);
      }
      scores[r] = select(vec4<f32>(), exp2(s - top[r]), shown);
      total[r] += (scores[r].x + scores[r].y) + (scores[r].z + scores[r].w);
    }
    for (var j = 0u; j < count; j++) {
      var weights: PerRow;
      for (var r = 0u; r < ROWS_EACH; r++) {
        weights[r] = scores[r][j];
      }
      add(keys + first + j, lane, weights, first + j, seen);
    }
  }
  for (var r = 0u; r < ROWS_EACH; r++) {
    let row = firstRow + r * GROUP + local.x;
    if (row < ROWS_PER_HEAD) {
      for (var i = 0u; i < QUADS; i++) {
        out[(head * ROWS_PER_HEAD + row) * QUADS + i] = stored(sums[r * QUADS + i] / total[r]);
      }
    }
  }
}

fn rescale(r: u32, top: ptr<function, PerRow>, total: ptr<function, PerRow>, high: f32) {
  let higher = max((*top)[r], high);
  let factor = exp2((*top)[r] - higher);
  (*top)[r] = higher;
  (*total)[r] *= factor;
  for (var i = 0u; i < QUADS; i++) {
    sums[r * QUADS + i] *= factor;
  }
}

fn plainScore(row: u32, key: u32) -> f32 {
  var sum = 0.0;
  for (var i = 0u; i < QUADS; i++) {
    sum += dot(query(q[row * QUADS + i]), cached(k[key * QUADS + i]));
  }
  return sum * (scales(key).x * SCALE);
}

var<private> plainSums: array<vec4<f32>, QUADS>;

fn plain(head: u32, rowOfHead: u32) {
  if (rowOfHead >= ROWS_PER_HEAD) {
    return;
  }
  let row = head * ROWS_PER_HEAD + rowOfHead;
  let end = head * KEYS + select(KEYS, rowOfHead % QUERIES + 1 + (KEYS - QUERIES), CAUSAL);
  var top = LOWEST;
  for (var key = head * KEYS; key < end; key++) {
    top = max(top, plainScore(row, key));
  }
  for (var i = 0u; i < QUADS; i++) {
    plainSums[i] = vec4<f32>();
  }
  var total = 0.0;
  for (var key = head * KEYS; key < end; key++) {
    let weight = exp2(plainScore(row, key) - top);
    total += weight;
    for (var i = 0u; i < QUADS; i++) {
      plainSums[i] += weight * scales(key).y * cached(v[key * QUADS + i]);
    }
  }
  for (var i = 0u; i < QUADS; i++) {
    out[row * QUADS + i] = stored(plainSums[i] / total);
  }
}
