// What the host works out once for a header, so that no nonce repeats it; the nonces to try; where winners go.
// Rounds and words count from 0, in the header's second block, where only W3, the nonce, varies.
//
// Modules before it: word-1, -2 or -4, range-uniform or range-immediate, sha256-blocks, byte-swap, hits.
// Constants: GROUP (invocations per workgroup).

struct Prepared {
  // The chaining value after the first block: the midstate.
  m0: u32, m1: u32, m2: u32, m3: u32, m4: u32, m5: u32, m6: u32, m7: u32,
  // Working variables after round 3, W3 left out of a and e.
  a: u32, b: u32, c: u32, d: u32, e: u32, f: u32, g: u32, h: u32,
  // In rounds 4, 5 and 6 h and d do not depend on the nonce yet: h + K + W, and d + h + K + W.
  h4: u32, d4: u32, h5: u32, d5: u32, h6: u32, d6: u32,
  // W16 and W17, alone and with their rounds' constants.
  w16: u32, w17: u32, kw16: u32, kw17: u32,
  // What does not depend on the nonce in W18 (all but σ0(W3)), W19 (all but W3), W31 and W32 (the first two terms).
  w18: u32, w19: u32, w31: u32, w32: u32,
  // Bits that are 0 in the last word of every winning digest.
  zeros: u32, unused: u32,
}

// The first nonce and how many follow it (not how many there are: that may be 2³²).
struct Range { first: u32, following: u32 }

// Most significant word first.
struct Target { t0: u32, t1: u32, t2: u32, t3: u32, t4: u32, t5: u32, t6: u32, t7: u32 }

@group(0) @binding(0) var<uniform> prepared: Prepared;
@group(0) @binding(1) var<uniform> goal: Target;
@group(0) @binding(2) var<storage, read_write> hitCount: array<atomic<u32>>;
@group(0) @binding(3) var<storage, read_write> hits: array<u32>;

// An invocation's place in the range.
struct Place { workgroup: u32, offset: Word, nonce: Word }

fn placeOf(lane: u32, group: vec3<u32>, groups: vec3<u32>) -> Place {
  let workgroup = group.y * groups.x + group.x;
  let offset = (workgroup * GROUP + lane) * LANES + LANE;
  return Place(workgroup, offset, range.first + offset);
}

// Two operations that spare nearly every nonce the comparison with the target.
fn mayWin(lastWord: Word) -> bool { return any((lastWord & Word(prepared.zeros)) == Word(0u)); }

// The digest is read as a little-endian number: its last word, byte-swapped, is the most significant. The range is
// looked at here, not before the hash: a test around all of the work would put a mask on it.
fn recordWinners(place: Place, digest: State) {
  // The offset alone would wrap where 2³² nonces leave idle invocations behind the last.
  let won = (place.offset <= Word(range.following)) & Truth(place.workgroup <= range.following / (GROUP * LANES));
  var atMost = Truth(true);
  atMost = below(digest.a, goal.t7, atMost);
  atMost = below(digest.b, goal.t6, atMost);
  atMost = below(digest.c, goal.t5, atMost);
  atMost = below(digest.d, goal.t4, atMost);
  atMost = below(digest.e, goal.t3, atMost);
  atMost = below(digest.f, goal.t2, atMost);
  atMost = below(digest.g, goal.t1, atMost);
  atMost = below(digest.h, goal.t0, atMost);
  recordEach(place.nonce, won & atMost);
}

// One word of the comparison; `rest` is the outcome of the less significant words.
fn below(word: Word, limit: u32, rest: Truth) -> Truth {
  let swapped = byteSwap(word);
  return (swapped < Word(limit)) | ((swapped == Word(limit)) & rest);
}
