// b as n × k bytes, as weights are stored: the tile in workgroup memory holds columns of c, 64 bytes along k each.
//
// Generated constants: N, K (padded sizes), MATRIX_N, MATRIX_K, TILE_N.

alias Right = subgroup_matrix_right<i8, MATRIX_N, MATRIX_K>;

@group(0) @binding(1) var<storage, read> b: array<vec4<u32>>;

const STRIDE_B = 20u; // in words, 16 of them data
var<workgroup> tileB: array<u32, TILE_N * STRIDE_B>;

fn fetchRight(batch: u32, firstColumn: u32, step: u32, load: u32) -> vec4<u32> {
  return b[(batch * N + firstColumn + load / 4) * (K / 16) + 4 * step + load % 4];
}

// Where in the tile the four words of a load go.
fn placeRight(load: u32) -> u32 {
  return (load / 4) * STRIDE_B + 4 * (load % 4);
}

@diagnostic(off, chromium.subgroup_matrix_uniformity)
fn rightAt(column: u32, k: u32) -> Right {
  return subgroupMatrixLoad<Right, col_major>(&tileB, column * STRIDE_B + k / 4, STRIDE_B);
}
