// SHA-256's compression function as the standard writes it (FIPS 180-4, section 6.2.2): a schedule of 64
// words and a loop of 64 rounds. Modules before it: sha256-functions, sha256-constants; `Word` is u32.

// One block into the chaining value.
fn compress(state: ptr<function, array<u32, 8>>, block: ptr<function, array<u32, 16>>) {
  var w: array<u32, 64>;
  for (var t = 0u; t < 16u; t++) { w[t] = (*block)[t]; }
  for (var t = 16u; t < 64u; t++) { w[t] = sigma1(w[t - 2u]) + w[t - 7u] + sigma0(w[t - 15u]) + w[t - 16u]; }
  var v = *state;
  for (var t = 0u; t < 64u; t++) {
    let t1 = v[7] + Sigma1(v[4]) + ch(v[4], v[5], v[6]) + K[t] + w[t];
    let t2 = Sigma0(v[0]) + maj(v[0], v[1], v[2]);
    v = array<u32, 8>(t1 + t2, v[0], v[1], v[2], v[3] + t1, v[4], v[5], v[6]);
  }
  for (var i = 0u; i < 8u; i++) { (*state)[i] += v[i]; }
}
