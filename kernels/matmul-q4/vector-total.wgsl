// Sums of a workgroup's invocations on their way to c: by subgroup, then through workgroup memory.
//
// Generated constants: N, GROUP, ROWS, ROWS_A, as in `vector`.

@group(0) @binding(3) var<storage, read_write> c: array<u32>;

// By subgroup, of which the smallest has four lanes.
var<workgroup> partial: array<array<f32, ROWS * ROWS_A>, GROUP / 4>;

struct Place {
  firstRow: u32,
  firstA: u32,
  local: u32,
  lane: u32,
  lanes: u32,
}

fn bringTogether(sum: array<array<f32, ROWS>, ROWS_A>, at: Place) {
  for (var i = 0u; i < ROWS_A; i++) {
    for (var r = 0u; r < ROWS; r++) {
      let together = subgroupAdd(sum[i][r]);
      if (at.lane == 0) {
        partial[at.local / at.lanes][i * ROWS + r] = together;
      }
    }
  }
  workgroupBarrier();
  for (var p = 2 * at.local; p < ROWS * ROWS_A; p += 2 * GROUP) {
    var pair = vec2<f32>();
    for (var s = 0u; s < (GROUP + at.lanes - 1) / at.lanes; s++) {
      pair += vec2(partial[s][p], partial[s][p + 1]);
    }
    c[((at.firstA + p / ROWS) * N + at.firstRow + p % ROWS) / 2] = pack2x16float(pair);
  }
}
