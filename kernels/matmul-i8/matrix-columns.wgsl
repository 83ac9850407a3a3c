// b as k × n bytes: the tile in workgroup memory holds 64 rows of b, TILE_N bytes each.
//
// Generated constants: N, K (padded sizes), MATRIX_N, MATRIX_K, TILE_N.

alias Right = subgroup_matrix_right<i8, MATRIX_N, MATRIX_K>;

@group(0) @binding(1) var<storage, read> b: array<vec4<u32>>;

const STRIDE_B = TILE_N / 4 + 4; // in words, all but four of them data
var<workgroup> tileB: array<u32, 64 * STRIDE_B>;

fn fetchRight(batch: u32, firstColumn: u32, step: u32, load: u32) -> vec4<u32> {
  let row = batch * K + 64 * step + load / (TILE_N / 16);
  return b[row * (N / 16) + firstColumn / 16 + load % (TILE_N / 16)];
}

// Where in the tile the four words of a load go.
fn placeRight(load: u32) -> u32 {
  return (load / (TILE_N / 16)) * STRIDE_B + 4 * (load % (TILE_N / 16));
}

@diagnostic(off, chromium.subgroup_matrix_uniformity)
fn rightAt(column: u32, k: u32) -> Right {
  return subgroupMatrixLoad<Right, row_major>(&tileB, k * STRIDE_B + column / 4, STRIDE_B);
}
