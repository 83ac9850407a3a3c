// attention, naive, last of three dispatches: out[row] = Σ weight[row, key] · v[key]. One invocation per
// four elements of out.
//
// There may be more rows than a dispatch has workgroups in y, so an invocation steps on by the grid's height.
//
// Modules: quads of the type, rows. Constants: ROWS, HEADS, KV_HEADS, QUERIES, KEYS, QUADS (of a head), CAUSAL,
// GROUP_X, GROUP_Y.

@group(0) @binding(0) var<storage, read> weights: array<f32>;
@group(0) @binding(1) var<storage, read> v: array<CacheQuad>;
@group(0) @binding(2) var<storage, read_write> out: array<QueryQuad>;

@compute @workgroup_size(GROUP_X, GROUP_Y)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let column = id.x;
  if (column >= QUADS) {
    return;
  }
  for (var row = id.y; row < ROWS; row += groups.y * GROUP_Y) {
    let firstKey = keyHead(row) * KEYS;
    var sum = vec4<f32>();
    for (var key = 0u; key < visible(row); key++) {
      let weight = weights[row * KEYS + key] * scales(firstKey + key).y;
      sum = fma(vec4<f32>(weight), cached(v[(firstKey + key) * QUADS + column]), sum);
    }
    out[row * QUADS + column] = stored(sum);
  }
}
