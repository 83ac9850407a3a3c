// matmul, prefetched: each invocation computes 8 × 8 elements of c in registers, as four squares of 4 × 4, and while it
// multiplies one step along K it has the next one's values already under way from memory: they wait in registers and
// go to the other half of workgroup memory. So the time of a load is hidden behind 64 fma per step of K, and one
// barrier a step is enough, where `register-tiled` has two and waits for its loads between them.
//
// Both factors are read from workgroup memory as vec4: four reads for 64 fma. For that a (and b, when it is given
// transposed) must be turned: an invocation loads a square of 4 × 4 and turns it in registers, so that nothing but
// whole vec4 is written. Turned squares that are neighbours along K would be written to the same banks; each column of
// squares is therefore shifted by an exclusive or, which costs no memory where a padded row would.
//
// The host pads a, b and c with zeros to whole tiles, so no load or store needs a bounds test.
//
// K may be split among SPLITS workgroups, each of which writes a whole c of its own, one after the other.
//
// Follows a module that says how numbers are stored (`Read`, `Written`); sums are f32.
//
// Generated constants: M, N, K (padded sizes), TRANSPOSE_B (b is N × K), GROUP_X, GROUP_Y (workgroup size, 4 or more),
// TILE_K (depth of one step: 4, 8, 16 or 32, so that there are no more squares than invocations), SPLITS (divides the
// number of steps).

const TILE_M4 = 2 * GROUP_Y; // a tile is 8 · GROUP_Y rows by 8 · GROUP_X columns; in vec4
const TILE_N4 = 2 * GROUP_X;
const SQUARES_K = TILE_K / 4;
const SQUARES_A = TILE_M4 * SQUARES_K;
const SQUARES_B = TILE_N4 * SQUARES_K;
const SIZE_A = TILE_M4 * TILE_K; // vec4 of one step
const SIZE_B = TILE_N4 * TILE_K;
const STEPS = K / TILE_K / SPLITS;
const SHIFT = 8 / SQUARES_K;

@group(0) @binding(0) var<storage, read> a: array<Read>;
@group(0) @binding(1) var<storage, read> b: array<Read>;
@group(0) @binding(2) var<storage, read_write> c: array<Written>;

var<workgroup> tileA: array<vec4<f32>, 2 * SIZE_A>;
var<workgroup> tileB: array<vec4<f32>, 2 * SIZE_B>;

@compute @workgroup_size(GROUP_X, GROUP_Y)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,
  @builtin(local_invocation_index) thread: u32,
) {
  let product = group.z / SPLITS;
  let firstStep = (group.z % SPLITS) * STEPS;
  let row4 = group.y * TILE_M4;
  let column4 = group.x * TILE_N4;

  // Where this invocation's square lies, and how far the next step's is from it.
  var square: u32;
  var advance: u32;
  if (thread < SQUARES_A) {
    square = (product * M + 4 * (row4 + thread / SQUARES_K)) * (K / 4) + thread % SQUARES_K;
    advance = SQUARES_K;
  } else {
    let index = thread - SQUARES_A;
    if (TRANSPOSE_B) {
      square = (product * N + 4 * (column4 + index / SQUARES_K)) * (K / 4) + index % SQUARES_K;
      advance = SQUARES_K;
    } else {
      square = (product * K + 4 * (index / TILE_N4)) * (N / 4) + column4 + index % TILE_N4;
      advance = TILE_K * (N / 4);
    }
  }
  square += firstStep * advance;

  var next = load(thread, square);
  keep(thread, 0, next);
  workgroupBarrier();

  var sum00 = mat4x4<f32>();
  var sum01 = mat4x4<f32>();
  var sum10 = mat4x4<f32>();
  var sum11 = mat4x4<f32>();
  for (var step = 0u; step < STEPS; step++) {
    let more = step + 1 < STEPS;
    if (more) {
      square += advance;
      next = load(thread, square);
    }
    let half = step % 2;
    for (var k = 0u; k < TILE_K; k++) {
      let shift = (k / 4) * SHIFT;
      let atA = half * SIZE_A + k * TILE_M4;
      let left0 = tileA[atA + (local.y ^ shift)];
      let left1 = tileA[atA + ((local.y + GROUP_Y) ^ shift)];
      let shiftB = select(0, shift, TRANSPOSE_B);
      let atB = half * SIZE_B + k * TILE_N4;
      let right0 = tileB[atB + (local.x ^ shiftB)];
      let right1 = tileB[atB + ((local.x + GROUP_X) ^ shiftB)];
      sum00 = addOuter(sum00, left0, right0);
      sum01 = addOuter(sum01, left0, right1);
      sum10 = addOuter(sum10, left1, right0);
      sum11 = addOuter(sum11, left1, right1);
    }
    if (more) {
      keep(thread, 1 - half, next);
    }
    workgroupBarrier();
  }

  let row = group.z * M + 4 * (row4 + local.y);
  let column = column4 + local.x;
  for (var r = 0u; r < 4; r++) {
    let top = (row + r) * (N / 4) + column;
    let bottom = top + 4 * GROUP_Y * (N / 4);
    c[top] = narrow(sum00[r]);
    c[top + GROUP_X] = narrow(sum01[r]);
    c[bottom] = narrow(sum10[r]);
    c[bottom + GROUP_X] = narrow(sum11[r]);
  }
}

// Adds the product of a column and a row: a row of the result per column of the mat4x4.
fn addOuter(sum: mat4x4<f32>, left: vec4<f32>, right: vec4<f32>) -> mat4x4<f32> {
  return mat4x4<f32>(
    fma(vec4<f32>(left.x), right, sum[0]),
    fma(vec4<f32>(left.y), right, sum[1]),
    fma(vec4<f32>(left.z), right, sum[2]),
    fma(vec4<f32>(left.w), right, sum[3]),
  );
}

// The square of 4 × 4 that this invocation brings: four steps along K, a vec4 of rows of a or columns of b each.
fn load(thread: u32, square: u32) -> mat4x4<f32> {
  if (thread < SQUARES_A) {
    return transpose(mat4x4<f32>(
      widen(a[square]),
      widen(a[square + K / 4]),
      widen(a[square + 2 * (K / 4)]),
      widen(a[square + 3 * (K / 4)]),
    ));
  }
  if (thread >= SQUARES_A + SQUARES_B) {
    return mat4x4<f32>();
  }
  let stride = select(N / 4, K / 4, TRANSPOSE_B);
  let rows = mat4x4<f32>(
    widen(b[square]),
    widen(b[square + stride]),
    widen(b[square + 2 * stride]),
    widen(b[square + 3 * stride]),
  );
  if (TRANSPOSE_B) {
    return transpose(rows);
  }
  return rows;
}

// Puts a square into one half of workgroup memory.
fn keep(thread: u32, half: u32, square: mat4x4<f32>) {
  if (thread < SQUARES_A) {
    let k4 = thread % SQUARES_K;
    let at = half * SIZE_A + 4 * k4 * TILE_M4 + ((thread / SQUARES_K) ^ (k4 * SHIFT));
    tileA[at] = square[0];
    tileA[at + TILE_M4] = square[1];
    tileA[at + 2 * TILE_M4] = square[2];
    tileA[at + 3 * TILE_M4] = square[3];
  } else if (thread < SQUARES_A + SQUARES_B) {
    let index = thread - SQUARES_A;
    let k4 = select(index / TILE_N4, index % SQUARES_K, TRANSPOSE_B);
    let column = select(index % TILE_N4, (index / SQUARES_K) ^ (k4 * SHIFT), TRANSPOSE_B);
    let at = half * SIZE_B + 4 * k4 * TILE_N4 + column;
    tileB[at] = square[0];
    tileB[at + TILE_N4] = square[1];
    tileB[at + 2 * TILE_N4] = square[2];
    tileB[at + 3 * TILE_N4] = square[3];
  }
}
