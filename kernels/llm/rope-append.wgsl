// llm, rope-append: takes the product for queries, keys and values apart, turns queries and keys by their positions, and
// appends keys and values to the cache. One invocation makes two elements of the first half of a head and the two half
// a head further on.
//
// Generated constants: ROWS, HEADS, KV_HEADS, QUARTERS (a quarter of a head's elements), CONTEXT (positions in the
// cache), GROUP (workgroup size).

@group(0) @binding(0) var<storage, read_write> qkv: array<u32>; // [ROWS, HEADS + 2 · KV_HEADS, 2 · QUARTERS] pairs
@group(0) @binding(1) var<storage, read> turns: array<vec4<f32>>; // [CONTEXT, QUARTERS]
@group(0) @binding(2) var<storage, read_write> position: array<u32>;
@group(0) @binding(3) var<storage, read_write> q: array<u32>; // [HEADS, ROWS, 2 · QUARTERS] pairs
@group(0) @binding(4) var<storage, read_write> k: array<u32>; // [KV_HEADS, CONTEXT, 2 · QUARTERS] pairs
@group(0) @binding(5) var<storage, read_write> v: array<u32>;

const ALL_HEADS = HEADS + 2 * KV_HEADS;

@compute @workgroup_size(GROUP)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) thread: u32,
) {
  let i = (group.y * groups.x + group.x) * GROUP + thread;
  if (i >= ROWS * ALL_HEADS * QUARTERS) {
    return;
  }
  let quarter = i % QUARTERS;
  let head = i / QUARTERS % ALL_HEADS;
  let row = i / QUARTERS / ALL_HEADS;
  let place = position[0] + row;
  let source = (row * ALL_HEADS + head) * 2 * QUARTERS + quarter;
  let low = qkv[source];
  let high = qkv[source + QUARTERS];
  if (head >= HEADS + KV_HEADS) {
    let to = ((head - HEADS - KV_HEADS) * CONTEXT + place) * 2 * QUARTERS + quarter;
    v[to] = low;
    v[to + QUARTERS] = high;
    return;
  }
  let turned = rotate(unpack2x16float(low), unpack2x16float(high), turns[place * QUARTERS + quarter]);
  if (head < HEADS) {
    let to = (head * ROWS + row) * 2 * QUARTERS + quarter;
    q[to] = pack2x16float(turned.low);
    q[to + QUARTERS] = pack2x16float(turned.high);
  } else {
    let to = ((head - HEADS) * CONTEXT + place) * 2 * QUARTERS + quarter;
    k[to] = pack2x16float(turned.low);
    k[to + QUARTERS] = pack2x16float(turned.high);
  }
}
