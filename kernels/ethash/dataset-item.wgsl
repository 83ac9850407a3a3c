// An item of the dataset from the light cache: 256 rows of it, each chosen by the ones before, between two hashes.
// The word that chooses is always in the mix's first vector: after four rows the mix is rotated by one vector, so
// that no array is indexed by a variable and the mix stays in registers. Follows ethash/hashes and
// shared/remainder.

@group(0) @binding(0) var<storage, read> cache: array<vec4<u32>>;

// Rows of the cache, and 2³² ÷ rows, rounded down. Data, not constants: one program for all sizes.
struct CacheSize { rows: u32, reciprocal: u32 }

fn datasetItem(index: u32, size: CacheSize) -> Row {
  let start = remainderBy(index, size.rows, size.reciprocal) * 4u;
  var first = Row(cache[start], cache[start + 1u], cache[start + 2u], cache[start + 3u]);
  first[0].x ^= index;
  var mix = hashRow(first);
  // In step `turn` vector v of the mix is the row's vector (v + turn) % 4; 64 steps bring it round again.
  for (var turn = 0u; turn < 64u; turn++) {
    mixParent(&mix, parentRow(index ^ (4u * turn), mix[0].x, size), turn);
    mixParent(&mix, parentRow(index ^ (4u * turn + 1u), mix[0].y, size), turn);
    mixParent(&mix, parentRow(index ^ (4u * turn + 2u), mix[0].z, size), turn);
    mixParent(&mix, parentRow(index ^ (4u * turn + 3u), mix[0].w, size), turn);
    mix = Row(mix[1], mix[2], mix[3], mix[0]);
  }
  return hashRow(mix);
}

// Where a row begins, in vectors.
fn parentRow(salt: u32, word: u32, size: CacheSize) -> u32 {
  return remainderBy(fnv(salt, word), size.rows, size.reciprocal) * 4u;
}

fn mixParent(mix: ptr<function, Row>, row: u32, turn: u32) {
  (*mix)[0] = fnvEach((*mix)[0], cache[row + (turn & 3u)]);
  (*mix)[1] = fnvEach((*mix)[1], cache[row + ((turn + 1u) & 3u)]);
  (*mix)[2] = fnvEach((*mix)[2], cache[row + ((turn + 2u) & 3u)]);
  (*mix)[3] = fnvEach((*mix)[3], cache[row + ((turn + 3u) & 3u)]);
}
