// Chained products of matrix units: result = result + left · right, over and over in registers. A block is 32 rows by
// 32 columns by 32 deep whatever the unit's own size is (M rows, N columns, K deep), so that every adapter computes
// the same. Four results stand side by side, so that four products are free to run at once, and are added to from
// two lefts in turn, which nearly cancel: sums stay among the whole numbers that the result's type holds exactly.
// No compiler can merge or drop products: it knows no operand, and no other way to what they add up to.
//
// Generated: the aliases Component (of left and right), Word (how buffers hold components) and Sum (of results); the
// constants M, N, K, PACK (components in a Word), BLOCKS, REPEATS, SUBGROUPS (blocks per workgroup), GROUP
// (invocations: so many subgroups of the largest size), STARTS.

const SIDE = 32u;
const AREA = SIDE * SIDE;

alias Left = subgroup_matrix_left<Component, K, M>;
alias Right = subgroup_matrix_right<Component, N, K>;
alias Result = subgroup_matrix_result<Sum, N, M>;

// Two lefts, one after the other. All matrices are stored row by row.
@group(0) @binding(0) var<storage, read> lefts: array<Word>;
@group(0) @binding(1) var<storage, read> right: array<Word>;
@group(0) @binding(2) var<storage, read> starts: array<Sum>;
@group(0) @binding(3) var<storage, read_write> ends: array<u32>;

var<workgroup> results: array<Sum, SUBGROUPS * AREA>;

// Offsets and strides count words of the buffer.
const STRIDE = SIDE / PACK;
fn at(row: u32, column: u32) -> u32 { return row * STRIDE + column / PACK; }

// Offsets are the same for all of a subgroup, which the compiler cannot see.
@diagnostic(off, chromium.subgroup_matrix_uniformity)
fn compute(start: u32, place: u32) {
  for (var row = 0u; row < SIDE; row += 2u * M) {
    for (var column = 0u; column < SIDE; column += 2u * N) {
      // Where the four results stand in the block.
      let r00 = row * SIDE + column;
      let r01 = r00 + N;
      let r10 = r00 + M * SIDE;
      let r11 = r10 + N;
      var c00 = subgroupMatrixLoad<Result, row_major>(&starts, start + r00, SIDE);
      var c01 = subgroupMatrixLoad<Result, row_major>(&starts, start + r01, SIDE);
      var c10 = subgroupMatrixLoad<Result, row_major>(&starts, start + r10, SIDE);
      var c11 = subgroupMatrixLoad<Result, row_major>(&starts, start + r11, SIDE);
      for (var deep = 0u; deep < SIDE; deep += K) {
        // Every product of this depth is done before the next: addition is exact, so the order is free.
        let a0 = subgroupMatrixLoad<Left, row_major>(&lefts, at(row, deep), STRIDE);
        let a1 = subgroupMatrixLoad<Left, row_major>(&lefts, at(row + M, deep), STRIDE);
        let z0 = subgroupMatrixLoad<Left, row_major>(&lefts, at(SIDE + row, deep), STRIDE);
        let z1 = subgroupMatrixLoad<Left, row_major>(&lefts, at(SIDE + row + M, deep), STRIDE);
        let b0 = subgroupMatrixLoad<Right, row_major>(&right, at(deep, column), STRIDE);
        let b1 = subgroupMatrixLoad<Right, row_major>(&right, at(deep, column + N), STRIDE);
        for (var i = 0u; i < REPEATS; i++) {
          c00 = subgroupMatrixMultiplyAccumulate(a0, b0, c00);
          c01 = subgroupMatrixMultiplyAccumulate(a0, b1, c01);
          c10 = subgroupMatrixMultiplyAccumulate(a1, b0, c10);
          c11 = subgroupMatrixMultiplyAccumulate(a1, b1, c11);
          c00 = subgroupMatrixMultiplyAccumulate(z0, b0, c00);
          c01 = subgroupMatrixMultiplyAccumulate(z0, b1, c01);
          c10 = subgroupMatrixMultiplyAccumulate(z1, b0, c10);
          c11 = subgroupMatrixMultiplyAccumulate(z1, b1, c11);
        }
      }
      subgroupMatrixStore<row_major>(&results, place + r00, c00, SIDE);
      subgroupMatrixStore<row_major>(&results, place + r01, c01, SIDE);
      subgroupMatrixStore<row_major>(&results, place + r10, c10, SIDE);
      subgroupMatrixStore<row_major>(&results, place + r11, c11, SIDE);
    }
  }
}

@compute @workgroup_size(GROUP)
@diagnostic(off, chromium.subgroup_matrix_uniformity)
fn main(
  @builtin(local_invocation_index) lane: u32,
  @builtin(subgroup_id) subgroup: u32,
  @builtin(num_subgroups) subgroups: u32,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  let first = (group.y * groups.x + group.x) * SUBGROUPS;
  // Where subgroups are smaller than they might be there are more of them, and the last ones have nothing to do.
  // Blocks past the end are computed too and are stopped only at the store.
  for (var b = subgroup; b < SUBGROUPS; b += subgroups) {
    compute(((first + b) % STARTS) * AREA, b * AREA);
  }
  workgroupBarrier();
  // One word of each column: odd factors lose nothing, so one wrong element gives another word.
  for (var i = lane; i < SUBGROUPS * SIDE; i += GROUP) {
    let block = first + i / SIDE;
    let top = (i / SIDE) * AREA + i % SIDE;
    var word = 0u;
    for (var row = 0u; row < SIDE; row++) {
      word = word * 37u + bitcast<u32>(i32(results[top + row * SIDE]));
    }
    if (block < BLOCKS) {
      ends[block * SIDE + i % SIDE] = word + block;
    }
  }
}
