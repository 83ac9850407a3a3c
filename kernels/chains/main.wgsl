// A chain: one operation applied to its own results, over and over in registers, with nothing else between
// one load and one store. An invocation holds sixteen values, and every step of a kernel's `iterate` makes
// one of them new from itself and its neighbours. So no step can be dropped, doubled steps cannot be merged,
// four or more of them are free to run at once, and a compiler that sorts them by dependence still has to
// interleave them; chains that do not touch each other it lays end to end.
//
// Needs before it the alias T (vec4 of the type computed with) and the functions load and store, and after
// it `fn iterate(s: State, k: array<T, 8>) -> State`.
// Generated constants: INVOCATIONS, ITERATIONS, GROUP (invocations per workgroup), STARTS.

struct State {
  a: T,
  b: T,
  c: T,
  d: T,
}

@group(0) @binding(0) var<storage, read> starts: array<vec4<u32>>;
// The compiler cannot know them, so it can fold nothing.
@group(0) @binding(1) var<storage, read> terms: array<u32, 8>;
@group(0) @binding(2) var<storage, read_write> ends: array<u32>;

fn term(i: u32) -> T { return load(vec4<u32>(terms[i])); }

@compute @workgroup_size(GROUP)
fn main(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  let id = (group.y * groups.x + group.x) * GROUP + lane;
  let at = 4u * (id % STARTS);
  var s = State(load(starts[at]), load(starts[at + 1u]), load(starts[at + 2u]), load(starts[at + 3u]));
  let k = array<T, 8>(term(0u), term(1u), term(2u), term(3u), term(4u), term(5u), term(6u), term(7u));
  // Invocations past the end work too and are stopped only at the store: a software adapter would otherwise
  // carry a mask of live lanes through every step.
  for (var i = 0u; i < ITERATIONS; i++) {
    s = iterate(s, k);
  }
  // One word of all sixteen values: odd factors lose nothing, so one wrong value gives another word.
  let all = ((store(s.a) * 31u + store(s.b)) * 31u + store(s.c)) * 31u + store(s.d);
  if (id < INVOCATIONS) {
    ends[id] = ((all.x * 37u + all.y) * 37u + all.z) * 37u + all.w + id;
  }
}
