// The main loop for one invocation that has a hash to itself, with no array that is indexed by a variable. The
// word that chooses the page is always in the mix's first vector: after four accesses the mix is rotated by one
// vector, and so is the order in which a page is read. Follows ethash/job and one of ethash/dag-*.

alias Mix = array<vec4<u32>, 8>;

fn mixInRegisters(seed: Row) -> Digest {
  let head = seed[0].x;
  var mix = Mix(seed[0], seed[1], seed[2], seed[3], seed[0], seed[1], seed[2], seed[3]);
  // In step `turn` vector v of the mix is the page's vector (v + turn) % 8; 16 steps bring it round again.
  for (var turn = 0u; turn < 16u; turn++) {
    mixPage(&mix, pageOf(4u * turn, head, mix[0].x), turn);
    mixPage(&mix, pageOf(4u * turn + 1u, head, mix[0].y), turn);
    mixPage(&mix, pageOf(4u * turn + 2u, head, mix[0].z), turn);
    mixPage(&mix, pageOf(4u * turn + 3u, head, mix[0].w), turn);
    mix = Mix(mix[1], mix[2], mix[3], mix[4], mix[5], mix[6], mix[7], mix[0]);
  }
  return Digest(
    vec4(compress(mix[0]), compress(mix[1]), compress(mix[2]), compress(mix[3])),
    vec4(compress(mix[4]), compress(mix[5]), compress(mix[6]), compress(mix[7])),
  );
}

fn mixPage(mix: ptr<function, Mix>, page: u32, turn: u32) {
  (*mix)[0] = fnvEach((*mix)[0], dagVector(page, turn & 7u));
  (*mix)[1] = fnvEach((*mix)[1], dagVector(page, (turn + 1u) & 7u));
  (*mix)[2] = fnvEach((*mix)[2], dagVector(page, (turn + 2u) & 7u));
  (*mix)[3] = fnvEach((*mix)[3], dagVector(page, (turn + 3u) & 7u));
  (*mix)[4] = fnvEach((*mix)[4], dagVector(page, (turn + 4u) & 7u));
  (*mix)[5] = fnvEach((*mix)[5], dagVector(page, (turn + 5u) & 7u));
  (*mix)[6] = fnvEach((*mix)[6], dagVector(page, (turn + 6u) & 7u));
  (*mix)[7] = fnvEach((*mix)[7], dagVector(page, (turn + 7u) & 7u));
}
