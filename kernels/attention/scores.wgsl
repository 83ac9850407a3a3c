// attention, naive, first of three dispatches: scores[row, key] = q[row] · k[key] / √headSize. One
// invocation per pair of query and key; pairs that the causal mask hides are left unwritten, and no later
// dispatch reads them.
//
// There may be more rows than a dispatch has workgroups in y, so an invocation steps on by the grid's height.
//
// Modules: quads of the type, rows. Constants: ROWS, HEADS, KV_HEADS, QUERIES, KEYS, QUADS (of a head), CAUSAL, SCALE,
// GROUP_X, GROUP_Y.

@group(0) @binding(0) var<storage, read> q: array<QueryQuad>;
@group(0) @binding(1) var<storage, read> k: array<CacheQuad>;
@group(0) @binding(2) var<storage, read_write> scores: array<f32>;

@compute @workgroup_size(GROUP_X, GROUP_Y)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let key = id.x;
  for (var row = id.y; row < ROWS; row += groups.y * GROUP_Y) {
    if (key >= visible(row)) {
      continue;
    }
    let keyRow = keyHead(row) * KEYS + key;
    var sum = 0.0;
    for (var i = 0u; i < QUADS; i++) {
      sum += dot(query(q[row * QUADS + i]), cached(k[keyRow * QUADS + i]));
    }
    scores[row * KEYS + key] = sum * scales(keyRow).x * SCALE;
  }
}
