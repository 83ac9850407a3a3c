// attention, flash-tiled: for many queries on a card. A workgroup takes TILE_Q queries that share a head of k and v, and
// goes through the keys TILE_K at a time with a running maximum and sum, so the score matrix never exists (Dao 2023,
// FlashAttention-2, section 3.1). Both products are done as a matrix product is: an invocation computes ROWS_EACH × 4
// scores, then ROWS_EACH rows by COLUMNS quads of the output, in registers, from workgroup memory; so one value that is
// read from there serves four or eight multiplications. What is fetched next is under way while the last is computed.
//
// Queries and keys come a slice of DEPTH quads at a time, and values PART keys at a time, into the same memory, so what a
// workgroup needs does not grow with the head. Rows of a slice are one quad longer than their data, so that eight of
// them lie in different banks; keys lie so that those which neighbours read are neighbours.
//
// An invocation has four keys that follow one another, so that their weights are one quad. Their maxima meet in
// workgroup memory; no subgroups are needed. Tiles of keys that no query of the workgroup sees are not visited, and only
// a tile that some query does not see whole is masked. The last queries, which see most, begin first.
//
// Modules: the type’s query and cache. Constants: HEADS, KV_HEADS, QUERIES, KEYS, QUADS (of a head), CAUSAL, SCALE (with
// log2 e), GROUP_X, GROUP_Y (workgroup size), ROWS_EACH (a multiple of 4), DEPTH, PART (divides TILE_K, at most STAGE /
// QUADS), STAGE (quads of a slice or part).

const GROUP = GROUP_X * GROUP_Y;
const TILE_Q = GROUP_Y * ROWS_EACH;
const TILE_K = GROUP_X * 4;
const ROWS_PER_HEAD = HEADS / KV_HEADS * QUERIES; // of k and v
const SLICES = (QUADS + DEPTH - 1) / DEPTH;
const STRIDE = DEPTH + 1;
const SLICE_LOADS = ((TILE_Q + TILE_K) * DEPTH + GROUP - 1) / GROUP; // per invocation
const PART_LOADS = (PART * QUADS + GROUP - 1) / GROUP;
const COLUMNS = (QUADS + GROUP_X - 1) / GROUP_X;
const WEIGHTS = GROUP_X + 1; // stride of a row of weights
const FOURS = ROWS_EACH / 4;
const LOWEST = -3.4028234e38f;

@group(0) @binding(0) var<storage, read> q: array<QueryQuad>;
@group(0) @binding(1) var<storage, read> k: array<CacheQuad>;
@group(0) @binding(2) var<storage, read> v: array<CacheQuad>;
@group(0) @binding(3) var<storage, read_write> out: array<QueryQuad>;

var<workgroup> stage: array<vec4<f32>, STAGE>;
var<workgroup> weights: array<vec4<f32>, TILE_Q * WEIGHTS>;
// What neighbours along x have found for four rows: largest scores, at the end sums of weights.
var<workgroup> found: array<vec4<f32>, FOURS * GROUP>;

alias PerRow = array<f32, ROWS_EACH>;

@compute @workgroup_size(GROUP_X, GROUP_Y)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,
  @builtin(local_invocation_index) thread: u32,
) {
  let firstRow = (groups.x - 1 - group.x) * TILE_Q;
  let head = group.y;
  let x = local.x;
  let y = local.y;
  // What any row of the workgroup sees, and what all do; a tile that reaches into the next head has the end of one
  // and the beginning of another.
  let lastRow = min(firstRow + TILE_Q, ROWS_PER_HEAD) - 1;
  let oneHead = firstRow / QUERIES == lastRow / QUERIES;
  let most = select(KEYS, select(QUERIES - 1, lastRow % QUERIES, oneHead) + 1 + (KEYS - QUERIES), CAUSAL);
  let least = select(KEYS, select(0, firstRow % QUERIES, oneHead) + 1 + (KEYS - QUERIES), CAUSAL);

  var seen: array<u32, ROWS_EACH>;
  var top: PerRow;
  var total: PerRow;
  var sums: array<array<vec4<f32>, COLUMNS>, ROWS_EACH>;
  for (var r = 0u; r < ROWS_EACH; r++) {
    let row = min(firstRow + r * GROUP_Y + y, ROWS_PER_HEAD - 1);
    seen[r] = select(KEYS, row % QUERIES + 1 + (KEYS - QUERIES), CAUSAL);
    top[r] = LOWEST;
  }

  var nextSlice: array<vec4<f32>, SLICE_LOADS>;
  var nextPart: array<vec4<f32>, PART_LOADS>;
  for (var i = 0u; i < SLICE_LOADS; i++) {
    nextSlice[i] = slicePiece(thread + i * GROUP, head, firstRow, 0, 0);
  }
  for (var first = 0u; first < most; first += TILE_K) {
    var scores = array<vec4<f32>, ROWS_EACH>();
    for (var slice = 0u; slice < SLICES; slice++) {
      for (var i = 0u; i < SLICE_LOADS; i++) {
        keepSlicePiece(thread + i * GROUP, nextSlice[i]);
      }
      workgroupBarrier();
      if (slice + 1 < SLICES) {
        for (var i = 0u; i < SLICE_LOADS; i++) {
          nextSlice[i] = slicePiece(thread + i * GROUP, head, firstRow, first, slice + 1);
        }
      } else {
        for (var i = 0u; i < PART_LOADS; i++) {
          nextPart[i] = partPiece(thread + i * GROUP, head, first);
        }
      }
      for (var i = 0u; i < DEPTH; i++) {
        let keys = transpose(mat4x4<f32>(
          stage[(TILE_Q + x) * STRIDE + i],
          stage[(TILE_Q + GROUP_X + x) * STRIDE + i],
          stage[(TILE_Q + 2 * GROUP_X + x) * STRIDE + i],
          stage[(TILE_Q + 3 * GROUP_X + x) * STRIDE + i],
        ));
        for (var r = 0u; r < ROWS_EACH; r++) {
          scores[r] = addProduct(scores[r], stage[(r * GROUP_Y + y) * STRIDE + i], keys);
        }
      }
      workgroupBarrier();
    }

    let position = vec4<u32>(first + 4 * x) + vec4<u32>(0, 1, 2, 3);
    let places = vec4<u32>(head * KEYS) + min(position, vec4<u32>(KEYS - 1));
    let scale = SCALE * vec4<f32>(scales(places.x).x, scales(places.y).x, scales(places.z).x, scales(places.w).x);
    for (var f = 0u; f < FOURS; f++) {
      var high: vec4<f32>;
      for (var i = 0u; i < 4; i++) {
        let r = 4 * f + i;
        scores[r] = select(vec4<f32>(LOWEST), scores[r] * scale, position < vec4<u32>(seen[r]));
        high[i] = max(max(scores[r].x, scores[r].y), max(scores[r].z, scores[r].w));
      }
      found[(f * GROUP_Y + y) * GROUP_X + x] = high;
    }
    workgroupBarrier();
    for (var f = 0u; f < FOURS; f++) {
      var high = vec4<f32>(LOWEST);
      for (var i = 0u; i < GROUP_X; i++) {
        high = max(high, found[(f * GROUP_Y + y) * GROUP_X + i]);
      }
      for (var i = 0u; i < 4; i++) {
        let r = 4 * f + i;
        let higher = max(top[r], high[i]);
        let factor = exp2(top[r] - higher);
        top[r] = higher;
        // Of a hidden key nothing may come, not even exp2() of what it was set to where all of a row is hidden.
        let weight = select(vec4<f32>(), exp2(scores[r] - higher), position < vec4<u32>(seen[r]));
        weights[(r * GROUP_Y + y) * WEIGHTS + x] = weight;
        total[r] = fma(total[r], factor, (weight.x + weight.y) + (weight.z + weight.w));
        for (var j = 0u; j < COLUMNS; j++) {
          sums[r][j] *= factor;
        }
      }
    }

    let whole = first + TILE_K <= least;
    let end = min(TILE_K, most - first);
    for (var part = 0u; part < TILE_K; part += PART) {
      for (var i = 0u; i < PART_LOADS; i++) {
        let piece = thread + i * GROUP;
        if (piece < PART * QUADS) {
          stage[piece] = nextPart[i];
        }
      }
      workgroupBarrier();
      if (part + PART < TILE_K) {
        for (var i = 0u; i < PART_LOADS; i++) {
          nextPart[i] = partPiece(thread + i * GROUP, head, first + part + PART);
        }
      } else if (first + TILE_K < most) {
        for (var i = 0u; i < SLICE_LOADS; i++) {
          nextSlice[i] = slicePiece(thread + i * GROUP, head, firstRow, first + TILE_K, 0);
        }
      }
      // Not a constant, lest it be unrolled: what it holds is long enough.
      let keys = min(PART, end - min(part, end));
      for (var key = 0u; key < keys; key += 4) {
        var four: array<vec4<f32>, ROWS_EACH>;
        for (var r = 0u; r < ROWS_EACH; r++) {
          four[r] = weights[(r * GROUP_Y + y) * WEIGHTS + (part + key) / 4];
        }
        for (var j = 0u; j < COLUMNS; j++) {
          let at = key * QUADS + min(j * GROUP_X + x, QUADS - 1);
          let values = mat4x4<f32>(stage[at], stage[at + QUADS], stage[at + 2 * QUADS], stage[at + 3 * QUADS]);
          if (whole) {
            for (var r = 0u; r < ROWS_EACH; r++) {
              sums[r][j] = addProduct(sums[r][j], four[r], values);
            }
          } else {
            for (var r = 0u; r < ROWS_EACH; r++) {
              sums[r][j] = addShown(sums[r][j], four[r], values, first + part + key, seen[r]);
            }
          }
        }
      }
      workgroupBarrier();
    }
  }

  for (var f = 0u; f < FOURS; f++) {
    found[(f * GROUP_Y + y) * GROUP_X + x] = vec4<f32>(total[4 * f], total[4 * f + 1], total[4 * f + 2], total[4 * f + 3]);
  }
  workgroupBarrier();
  for (var f = 0u; f < FOURS; f++) {
    var all = vec4<f32>();
    for (var i = 0u; i < GROUP_X; i++) {
      all += found[(f * GROUP_Y + y) * GROUP_X + i];
    }
    for (var i = 0u; i < 4; i++) {
      let row = firstRow + (4 * f + i) * GROUP_Y + y;
      for (var j = 0u; j < COLUMNS; j++) {
        let quad = j * GROUP_X + x;
        if (row < ROWS_PER_HEAD && quad < QUADS) {
          out[(head * ROWS_PER_HEAD + row) * QUADS + quad] = stored(sums[4 * f + i][j] / all[i]);
        }
      }
    }
  }
}

// A quad of a slice of the queries and keys: first those of the queries, row by row.
fn slicePiece(piece: u32, head: u32, firstRow: u32, firstKey: u32, slice: u32) -> vec4<f32> {
  let line = piece / DEPTH;
  let quad = slice * DEPTH + piece % DEPTH;
  if (quad >= QUADS) {
    return vec4<f32>();
  }
  if (line < TILE_Q) {
    let row = min(firstRow + line, ROWS_PER_HEAD - 1);
    return query(q[(head * ROWS_PER_HEAD + row) * QUADS + quad]);
  }
  let key = min(firstKey + line - TILE_Q, KEYS - 1);
  return cached(k[(head * KEYS + key) * QUADS + quad]);
}

// Four keys that follow one another are of one invocation and lie GROUP_X rows apart.
fn keepSlicePiece(piece: u32, value: vec4<f32>) {
  let line = piece / DEPTH;
  if (line < TILE_Q) {
    stage[line * STRIDE + piece % DEPTH] = value;
  } else if (line < TILE_Q + TILE_K) {
    let key = line - TILE_Q;
    stage[(TILE_Q + key % 4 * GROUP_X + key / 4) * STRIDE + piece % DEPTH] = value;
  }
}

fn partPiece(piece: u32, head: u32, firstKey: u32) -> vec4<f32> {
  let key = head * KEYS + min(firstKey + piece / QUADS, KEYS - 1);
  return cached(v[key * QUADS + piece % QUADS]) * scales(key).y;
}

// row · columns, one after the other: four fma for each of the four that are asked for.
fn addProduct(sum: vec4<f32>, row: vec4<f32>, columns: mat4x4<f32>) -> vec4<f32> {
  let two = fma(vec4<f32>(row.y), columns[1], fma(vec4<f32>(row.x), columns[0], sum));
  return fma(vec4<f32>(row.w), columns[3], fma(vec4<f32>(row.z), columns[2], two));
}

// A hidden value must not even be multiplied by zero: it may be infinite.
fn addShown(sum: vec4<f32>, row: vec4<f32>, columns: mat4x4<f32>, first: u32, seen: u32) -> vec4<f32> {
  var all = select(sum, fma(vec4<f32>(row.x), columns[0], sum), first < seen);
  all = select(all, fma(vec4<f32>(row.y), columns[1], all), first + 1 < seen);
  all = select(all, fma(vec4<f32>(row.z), columns[2], all), first + 2 < seen);
  return select(all, fma(vec4<f32>(row.w), columns[3], all), first + 3 < seen);
}
