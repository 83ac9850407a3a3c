// The main loop for one invocation that has a hash to itself, with no array that is indexed by a variable: the word
// that chooses the page is picked by a switch, which all invocations take the same way. Follows ethash/pages and one
// of ethash/dag-*.

alias Mix = array<vec4<u32>, 8>;

fn mixInRegisters(seed: Row) -> Digest {
  var mix = Mix(seed[0], seed[1], seed[2], seed[3], seed[0], seed[1], seed[2], seed[3]);
  for (var access = 0u; access < 64u; access++) {
    var four: vec4<u32>;
    switch ((access / 4u) % 8u) {
      case 0u: { four = mix[0]; }
      case 1u: { four = mix[1]; }
      case 2u: { four = mix[2]; }
      case 3u: { four = mix[3]; }
      case 4u: { four = mix[4]; }
      case 5u: { four = mix[5]; }
      case 6u: { four = mix[6]; }
      default: { four = mix[7]; }
    }
    let page = pageOf(access, seed[0].x, wordOf(four, access % 4u));
    mix[0] = fnvEach(mix[0], dagVector(page, 0u));
    mix[1] = fnvEach(mix[1], dagVector(page, 1u));
    mix[2] = fnvEach(mix[2], dagVector(page, 2u));
    mix[3] = fnvEach(mix[3], dagVector(page, 3u));
    mix[4] = fnvEach(mix[4], dagVector(page, 4u));
    mix[5] = fnvEach(mix[5], dagVector(page, 5u));
    mix[6] = fnvEach(mix[6], dagVector(page, 6u));
    mix[7] = fnvEach(mix[7], dagVector(page, 7u));
  }
  return Digest(
    vec4(compress(mix[0]), compress(mix[1]), compress(mix[2]), compress(mix[3])),
    vec4(compress(mix[4]), compress(mix[5]), compress(mix[6]), compress(mix[7])),
  );
}
