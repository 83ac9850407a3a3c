// attention/f16, matrix units: flash attention whose two products are done by the adapter's matrix instructions. A
// subgroup owns UNIT_M queries that share a head of k and v and keeps them, and its part of the output, in registers as
// matrices; SUBGROUPS of them go through the keys together, TILE_K at a time, so that what is fetched serves all. Keys
// and then values come through the same workgroup memory; its rows are 16 bytes longer than their data, so that those
// that a matrix load reads together lie in different banks. What is fetched next is under way while the last is computed.
//
// The elements of a matrix cannot be reached, so scores go through workgroup memory for the softmax and come back as
// weights in f16. Nor can a matrix be multiplied by a factor per row, as a running maximum asks for. So weights are taken
// against a reference that lags behind the maximum, by a factor of 256 at most, for which f16 has room; only where a row
// passes that is the output rescaled, through workgroup memory, and after the first tile that is rare.
//
// A weight of zero makes NaN of a value that is not finite, also for queries that do not see it. So a tile with such a
// value is added up without matrices.
//
// Modules: the type’s query and cache. Constants: HEADS, KV_HEADS, QUERIES, KEYS, QUADS (of a head), CAUSAL, SCALE (with
// log2 e), UNIT_M, UNIT_N, UNIT_K (size of a matrix product), WIDTH (elements of a head with padding, a multiple of
// UNIT_N, UNIT_K and 8), TILE_K (likewise), SUBGROUPS, GROUP (invocations: so many subgroups of the largest size).

alias Left = subgroup_matrix_left<f16, UNIT_K, UNIT_M>;
alias Right = subgroup_matrix_right<f16, UNIT_N, UNIT_K>;
alias Result = subgroup_matrix_result<f32, UNIT_N, UNIT_M>;

const TILE_Q = SUBGROUPS * UNIT_M;
const ROWS_PER_HEAD = HEADS / KV_HEADS * QUERIES; // of k and v
const ROW = WIDTH / 8; // pieces of 16 bytes
const STRIDE = ROW + 1;
const PIECES = TILE_K * ROW;
const LOADS = (PIECES + GROUP - 1) / GROUP; // per invocation
const DEPTH = WIDTH / UNIT_K;
const COLUMNS = WIDTH / UNIT_N;
const SCORES = TILE_K + 4; // stride of a row of scores
const WEIGHTS = TILE_K + 8;
const LOWEST = -3.4028234e38f;
// log2 of how far a weight may lie above one.
const ROOM = 8.0;

@group(0) @binding(0) var<storage, read> q: array<QueryQuad>;
@group(0) @binding(1) var<storage, read> k: array<CacheQuad>;
@group(0) @binding(2) var<storage, read> v: array<CacheQuad>;
@group(0) @binding(3) var<storage, read_write> out: array<QueryQuad>;

// Of queries, then of keys and values in turn. A matrix load counts its place and stride in pieces.
var<workgroup> stage: array<vec4<u32>, TILE_K * STRIDE>;
var<workgroup> scores: array<f32, TILE_Q * SCORES>;
var<workgroup> weights: array<f16, TILE_Q * WEIGHTS>;
// A matrix per subgroup, on its way to be rescaled or to the output.
var<workgroup> turned: array<f32, TILE_Q * UNIT_N>;
var<workgroup> top: array<f32, TILE_Q>; // of this tile
var<workgroup> reference: array<f32, TILE_Q>;
var<workgroup> factor: array<f32, TILE_Q>;
var<workgroup> total: array<f32, TILE_Q>;
var<workgroup> rescale: atomic<u32>;
var<workgroup> unusual: atomic<u32>; // a value that is not finite

// Which subgroup an invocation is in is the same for all of it, which the compiler cannot see.
@compute @workgroup_size(GROUP)
@diagnostic(off, chromium.subgroup_matrix_uniformity)
@diagnostic(off, subgroup_uniformity)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) thread: u32,
  @builtin(subgroup_invocation_id) lane: u32,
  @builtin(subgroup_size) lanes: u32,
  @builtin(subgroup_id) subgroup: u32,
) {
  // The last queries, which see most, begin first.
  let firstRow = (groups.x - 1 - group.x) * TILE_Q;
  let head = group.y;
  // A subgroup may be smaller than the largest, so that there are more of them than parts: those only fetch.
  let computes = subgroup < SUBGROUPS;
  let own = min(subgroup, SUBGROUPS - 1) * UNIT_M;
  // Lanes that share a row, and rows that are worked on at a time: all are powers of two.
  let sharers = max(1u, lanes / UNIT_M);
  let abreast = lanes / sharers;
  let lastRow = min(firstRow + TILE_Q, ROWS_PER_HEAD) - 1;
  let oneHead = firstRow / QUERIES == lastRow / QUERIES;
  let most = select(KEYS, select(QUERIES - 1, lastRow % QUERIES, oneHead) + 1 + (KEYS - QUERIES), CAUSAL);

  var queries: array<Left, DEPTH>;
  for (var part = 0u; part < TILE_Q; part += TILE_K) {
    for (var piece = thread; piece < PIECES; piece += GROUP) {
      stage[piece / ROW * STRIDE + piece % ROW] = queryPiece(head, firstRow + part + piece / ROW, piece % ROW);
    }
    workgroupBarrier();
    // Rows of a subgroup lie in one part: TILE_K is a multiple of UNIT_M.
    if (computes && own / TILE_K == part / TILE_K) {
      for (var d = 0u; d < DEPTH; d++) {
        queries[d] = subgroupMatrixLoad<Left, row_major>(&stage, (own - part) * STRIDE + d * (UNIT_K / 8), STRIDE);
      }
    }
    workgroupBarrier();
  }
  for (var row = thread; row < TILE_Q; row += GROUP) {
    reference[row] = LOWEST;
    total[row] = 0.0;
  }

  var sum: array<Result, COLUMNS>;
  var next: array<vec4<u32>, LOADS>;
  for (var i = 0u; i < LOADS; i++) {
    next[i] = keyPiece(head, thread + i * GROUP, 0);
  }
  for (var first = 0u; first < most; first += TILE_K) {
    if (thread == 0) {
      atomicStore(&rescale, 0u);
      atomicStore(&unusual, 0u);
    }
    for (var i = 0u; i < LOADS; i++) {
      keep(thread + i * GROUP, next[i]);
    }
    workgroupBarrier();
    for (var i = 0u; i < LOADS; i++) {
      next[i] = valuePiece(head, thread + i * GROUP, first);
    }
    if (computes) {
      for (var n = 0u; n < TILE_K; n += UNIT_N) {
        var product = Result();
        for (var d = 0u; d < DEPTH; d++) {
          let right = subgroupMatrixLoad<Right, col_major>(&stage, n * STRIDE + d * (UNIT_K / 8), STRIDE);
          product = subgroupMatrixMultiplyAccumulate(queries[d], right, product);
        }
        subgroupMatrixStore<row_major>(&scores, own * SCORES + n, product, SCORES);
      }
    }
    for (var i = 0u; i < LOADS; i++) {
      if (notFinite(next[i])) {
        atomicStore(&unusual, 1u);
      }
    }
    workgroupBarrier();

    for (var i = 0u; i < LOADS; i++) {
      keep(thread + i * GROUP, next[i]);
    }
    if (first + TILE_K < most) {
      for (var i = 0u; i < LOADS; i++) {
        next[i] = keyPiece(head, thread + i * GROUP, first + TILE_K);
      }
    }
    if (computes) {
      for (var turn = 0u; turn < UNIT_M; turn += abreast) {
        let row = own + turn + lane / sharers;
        let seen = seenBy(firstRow + row);
        var high = LOWEST;
        for (var key = lane % sharers; key < TILE_K; key += sharers) {
          let score = select(LOWEST, scores[row * SCORES + key] * SCALE, first + key < seen);
          scores[row * SCORES + key] = score;
          high = max(high, score);
        }
        for (var other = 1u; other < sharers; other *= 2) {
          high = max(high, subgroupShuffleXor(high, other));
        }
        if (lane % sharers == 0) {
          top[row] = high;
          if (high > reference[row] + ROOM) {
            atomicStore(&rescale, 1u);
          }
        }
      }
    }
    workgroupBarrier();
    if (workgroupUniformLoad(&rescale) != 0) {
      for (var row = thread; row < TILE_Q; row += GROUP) {
        let higher = max(reference[row], top[row]);
        factor[row] = exp2(reference[row] - higher);
        total[row] *= factor[row];
        reference[row] = higher;
      }
      for (var j = 0u; j < COLUMNS; j++) {
        if (computes) {
          subgroupMatrixStore<row_major>(&turned, own * UNIT_N, sum[j], UNIT_N);
        }
        workgroupBarrier();
        for (var at = thread; at < TILE_Q * UNIT_N; at += GROUP) {
          turned[at] *= factor[at / UNIT_N];
        }
        workgroupBarrier();
        if (computes) {
          sum[j] = subgroupMatrixLoad<Result, row_major>(&turned, own * UNIT_N, UNIT_N);
        }
      }
    }
    if (computes) {
      for (var turn = 0u; turn < UNIT_M; turn += abreast) {
        let row = own + turn + lane / sharers;
        let seen = seenBy(firstRow + row);
        var added = 0.0;
        for (var key = lane % sharers; key < TILE_K; key += sharers) {
          // Of a hidden key nothing may come, not even exp2() of what it was set to where all of a row is hidden.
          let weight = f16(select(0.0, exp2(scores[row * SCORES + key] - reference[row]), first + key < seen));
          weights[row * WEIGHTS + key] = weight;
          added += f32(weight);
        }
        for (var other = 1u; other < sharers; other *= 2) {
          added += subgroupShuffleXor(added, other);
        }
        if (lane % sharers == 0) {
          total[row] += added;
        }
      }
    }
    workgroupBarrier();
    if (workgroupUniformLoad(&unusual) == 0) {
      if (computes) {
        for (var key = 0u; key < TILE_K; key += UNIT_K) {
          let left = subgroupMatrixLoad<Left, row_major>(&weights, own * WEIGHTS + key, WEIGHTS);
          for (var j = 0u; j < COLUMNS; j++) {
            let right = subgroupMatrixLoad<Right, row_major>(&stage, key * STRIDE + j * (UNIT_N / 8), STRIDE);
            sum[j] = subgroupMatrixMultiplyAccumulate(left, right, sum[j]);
          }
        }
      }
    } else {
      for (var j = 0u; j < COLUMNS; j++) {
        if (computes) {
          subgroupMatrixStore<row_major>(&turned, own * UNIT_N, sum[j], UNIT_N);
        }
        workgroupBarrier();
        for (var at = thread; at < TILE_Q * UNIT_N; at += GROUP) {
          turned[at] = addSeen(turned[at], at / UNIT_N, j * UNIT_N + at % UNIT_N, firstRow, first);
        }
        workgroupBarrier();
        if (computes) {
          sum[j] = subgroupMatrixLoad<Result, row_major>(&turned, own * UNIT_N, UNIT_N);
        }
      }
    }
    workgroupBarrier();
  }

  for (var j = 0u; j < COLUMNS; j++) {
    if (computes) {
      subgroupMatrixStore<row_major>(&turned, own * UNIT_N, sum[j], UNIT_N);
    }
    workgroupBarrier();
    for (var at = thread; at < TILE_Q * UNIT_N / 4; at += GROUP) {
      let row = at / (UNIT_N / 4);
      let quad = j * (UNIT_N / 4) + at % (UNIT_N / 4);
      if (firstRow + row < ROWS_PER_HEAD && quad < QUADS) {
        let four = vec4<f32>(turned[4 * at], turned[4 * at + 1], turned[4 * at + 2], turned[4 * at + 3]);
        out[(head * ROWS_PER_HEAD + firstRow + row) * QUADS + quad] = stored(four / total[row]);
      }
    }
    workgroupBarrier();
  }
}

// How many keys a row sees.
fn seenBy(row: u32) -> u32 {
  return select(KEYS, min(row, ROWS_PER_HEAD - 1) % QUERIES + 1 + (KEYS - QUERIES), CAUSAL);
}

fn keep(piece: u32, value: vec4<u32>) {
  if (piece < PIECES) {
    stage[piece / ROW * STRIDE + piece % ROW] = value;
  }
}

// Keys beyond the last are the last again: nobody sees them. Of a row that does not exist nothing is written.
fn queryPiece(head: u32, row: u32, piece: u32) -> vec4<u32> {
  let base = (head * ROWS_PER_HEAD + min(row, ROWS_PER_HEAD - 1)) * QUADS;
  return padded(2 * piece, q[base + inside(2 * piece)], q[base + inside(2 * piece + 1)]);
}

fn keyPiece(head: u32, piece: u32, firstKey: u32) -> vec4<u32> {
  let base = rowOfKey(head, piece, firstKey);
  let quad = 2 * (piece % ROW);
  return padded(quad, k[base + inside(quad)], k[base + inside(quad + 1)]);
}

fn valuePiece(head: u32, piece: u32, firstKey: u32) -> vec4<u32> {
  let base = rowOfKey(head, piece, firstKey);
  let quad = 2 * (piece % ROW);
  return padded(quad, v[base + inside(quad)], v[base + inside(quad + 1)]);
}

fn rowOfKey(head: u32, piece: u32, firstKey: u32) -> u32 {
  return (head * KEYS + min(firstKey + piece / ROW, KEYS - 1)) * QUADS;
}

fn inside(quad: u32) -> u32 {
  return min(quad, QUADS - 1);
}

// Two quads from `quad` on; what lies beyond the head is zero.
fn padded(quad: u32, low: vec2<u32>, high: vec2<u32>) -> vec4<u32> {
  return vec4<u32>(select(vec2<u32>(), low, quad < QUADS), select(vec2<u32>(), high, quad + 1 < QUADS));
}

// Whether any of eight f16 is infinite or NaN: all bits of its exponent are set.
fn notFinite(piece: vec4<u32>) -> bool {
  let low = (piece & vec4<u32>(0x7c00u)) == vec4<u32>(0x7c00u);
  let high = (piece & vec4<u32>(0x7c000000u)) == vec4<u32>(0x7c000000u);
  return any(low) || any(high);
}

// What a tile adds to one element of the output, key by key that its row sees.
fn addSeen(before: f32, row: u32, element: u32, firstRow: u32, first: u32) -> f32 {
  let end = min(TILE_K, seenBy(firstRow + row) - min(first, seenBy(firstRow + row)));
  var after = before;
  for (var key = 0u; key < end; key++) {
    let word = stage[key * STRIDE + element / 8][element % 8 / 2];
    after += exp2(scores[row * SCORES + key] - reference[row]) * unpack2x16float(word)[element % 2];
  }
  return after;
}
