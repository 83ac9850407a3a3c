// SHA-256's compression function (FIPS 180-4, section 6.2.2), fully unrolled: every round constant is a
// literal, the message schedule lives in sixteen scalars that are overwritten in place, and the working
// variables change names from round to round instead of being moved. No array is indexed, so nothing can
// be spilled to memory by a compiler that gives up on dynamic indexing.
//
// Needs the module sha256-functions.wgsl before it.

// The chaining value H0 … H7.
struct State { a: u32, b: u32, c: u32, d: u32, e: u32, f: u32, g: u32, h: u32 }

// One block of sixteen big-endian words into the chaining value.
fn compress(
  s: State,
  m0: u32, m1: u32, m2: u32, m3: u32, m4: u32, m5: u32, m6: u32, m7: u32,
  m8: u32, m9: u32, m10: u32, m11: u32, m12: u32, m13: u32, m14: u32, m15: u32,
) -> State {
  var w0 = m0; var w1 = m1; var w2 = m2; var w3 = m3;
  var w4 = m4; var w5 = m5; var w6 = m6; var w7 = m7;
  var w8 = m8; var w9 = m9; var w10 = m10; var w11 = m11;
  var w12 = m12; var w13 = m13; var w14 = m14; var w15 = m15;
  var a = s.a; var b = s.b; var c = s.c; var d = s.d;
  var e = s.e; var f = s.f; var g = s.g; var h = s.h;
  h += Sigma1(e) + ch(e, f, g) + 0x428a2f98u + w0; d += h; h += Sigma0(a) + maj(a, b, c);
  g += Sigma1(d) + ch(d, e, f) + 0x71374491u + w1; c += g; g += Sigma0(h) + maj(h, a, b);
  f += Sigma1(c) + ch(c, d, e) + 0xb5c0fbcfu + w2; b += f; f += Sigma0(g) + maj(g, h, a);
  e += Sigma1(b) + ch(b, c, d) + 0xe9b5dba5u + w3; a += e; e += Sigma0(f) + maj(f, g, h);
  d += Sigma1(a) + ch(a, b, c) + 0x3956c25bu + w4; h += d; d += Sigma0(e) + maj(e, f, g);
  c += Sigma1(h) + ch(h, a, b) + 0x59f111f1u + w5; g += c; c += Sigma0(d) + maj(d, e, f);
  b += Sigma1(g) + ch(g, h, a) + 0x923f82a4u + w6; f += b; b += Sigma0(c) + maj(c, d, e);
  a += Sigma1(f) + ch(f, g, h) + 0xab1c5ed5u + w7; e += a; a += Sigma0(b) + maj(b, c, d);
  h += Sigma1(e) + ch(e, f, g) + 0xd807aa98u + w8; d += h; h += Sigma0(a) + maj(a, b, c);
  g += Sigma1(d) + ch(d, e, f) + 0x12835b01u + w9; c += g; g += Sigma0(h) + maj(h, a, b);
  f += Sigma1(c) + ch(c, d, e) + 0x243185beu + w10; b += f; f += Sigma0(g) + maj(g, h, a);
  e += Sigma1(b) + ch(b, c, d) + 0x550c7dc3u + w11; a += e; e += Sigma0(f) + maj(f, g, h);
  d += Sigma1(a) + ch(a, b, c) + 0x72be5d74u + w12; h += d; d += Sigma0(e) + maj(e, f, g);
  c += Sigma1(h) + ch(h, a, b) + 0x80deb1feu + w13; g += c; c += Sigma0(d) + maj(d, e, f);
  b += Sigma1(g) + ch(g, h, a) + 0x9bdc06a7u + w14; f += b; b += Sigma0(c) + maj(c, d, e);
  a += Sigma1(f) + ch(f, g, h) + 0xc19bf174u + w15; e += a; a += Sigma0(b) + maj(b, c, d);
  w0 += sigma1(w14) + w9 + sigma0(w1);
  h += Sigma1(e) + ch(e, f, g) + 0xe49b69c1u + w0; d += h; h += Sigma0(a) + maj(a, b, c);
  w1 += sigma1(w15) + w10 + sigma0(w2);
  g += Sigma1(d) + ch(d, e, f) + 0xefbe4786u + w1; c += g; g += Sigma0(h) + maj(h, a, b);
  w2 += sigma1(w0) + w11 + sigma0(w3);
  f += Sigma1(c) + ch(c, d, e) + 0x0fc19dc6u + w2; b += f; f += Sigma0(g) + maj(g, h, a);
  w3 += sigma1(w1) + w12 + sigma0(w4);
  e += Sigma1(b) + ch(b, c, d) + 0x240ca1ccu + w3; a += e; e += Sigma0(f) + maj(f, g, h);
  w4 += sigma1(w2) + w13 + sigma0(w5);
  d += Sigma1(a) + ch(a, b, c) + 0x2de92c6fu + w4; h += d; d += Sigma0(e) + maj(e, f, g);
  w5 += sigma1(w3) + w14 + sigma0(w6);
  c += Sigma1(h) + ch(h, a, b) + 0x4a7484aau + w5; g += c; c += Sigma0(d) + maj(d, e, f);
  w6 += sigma1(w4) + w15 + sigma0(w7);
  b += Sigma1(g) + ch(g, h, a) + 0x5cb0a9dcu + w6; f += b; b += Sigma0(c) + maj(c, d, e);
  w7 += sigma1(w5) + w0 + sigma0(w8);
  a += Sigma1(f) + ch(f, g, h) + 0x76f988dau + w7; e += a; a += Sigma0(b) + maj(b, c, d);
  w8 += sigma1(w6) + w1 + sigma0(w9);
  h += Sigma1(e) + ch(e, f, g) + 0x983e5152u + w8; d += h; h += Sigma0(a) + maj(a, b, c);
  w9 += sigma1(w7) + w2 + sigma0(w10);
  g += Sigma1(d) + ch(d, e, f) + 0xa831c66du + w9; c += g; g += Sigma0(h) + maj(h, a, b);
  w10 += sigma1(w8) + w3 + sigma0(w11);
  f += Sigma1(c) + ch(c, d, e) + 0xb00327c8u + w10; b += f; f += Sigma0(g) + maj(g, h, a);
  w11 += sigma1(w9) + w4 + sigma0(w12);
  e += Sigma1(b) + ch(b, c, d) + 0xbf597fc7u + w11; a += e; e += Sigma0(f) + maj(f, g, h);
  w12 += sigma1(w10) + w5 + sigma0(w13);
  d += Sigma1(a) + ch(a, b, c) + 0xc6e00bf3u + w12; h += d; d += Sigma0(e) + maj(e, f, g);
  w13 += sigma1(w11) + w6 + sigma0(w14);
  c += Sigma1(h) + ch(h, a, b) + 0xd5a79147u + w13; g += c; c += Sigma0(d) + maj(d, e, f);
  w14 += sigma1(w12) + w7 + sigma0(w15);
  b += Sigma1(g) + ch(g, h, a) + 0x06ca6351u + w14; f += b; b += Sigma0(c) + maj(c, d, e);
  w15 += sigma1(w13) + w8 + sigma0(w0);
  a += Sigma1(f) + ch(f, g, h) + 0x14292967u + w15; e += a; a += Sigma0(b) + maj(b, c, d);
  w0 += sigma1(w14) + w9 + sigma0(w1);
  h += Sigma1(e) + ch(e, f, g) + 0x27b70a85u + w0; d += h; h += Sigma0(a) + maj(a, b, c);
  w1 += sigma1(w15) + w10 + sigma0(w2);
  g += Sigma1(d) + ch(d, e, f) + 0x2e1b2138u + w1; c += g; g += Sigma0(h) + maj(h, a, b);
  w2 += sigma1(w0) + w11 + sigma0(w3);
  f += Sigma1(c) + ch(c, d, e) + 0x4d2c6dfcu + w2; b += f; f += Sigma0(g) + maj(g, h, a);
  w3 += sigma1(w1) + w12 + sigma0(w4);
  e += Sigma1(b) + ch(b, c, d) + 0x53380d13u + w3; a += e; e += Sigma0(f) + maj(f, g, h);
  w4 += sigma1(w2) + w13 + sigma0(w5);
  d += Sigma1(a) + ch(a, b, c) + 0x650a7354u + w4; h += d; d += Sigma0(e) + maj(e, f, g);
  w5 += sigma1(w3) + w14 + sigma0(w6);
  c += Sigma1(h) + ch(h, a, b) + 0x766a0abbu + w5; g += c; c += Sigma0(d) + maj(d, e, f);
  w6 += sigma1(w4) + w15 + sigma0(w7);
  b += Sigma1(g) + ch(g, h, a) + 0x81c2c92eu + w6; f += b; b += Sigma0(c) + maj(c, d, e);
  w7 += sigma1(w5) + w0 + sigma0(w8);
  a += Sigma1(f) + ch(f, g, h) + 0x92722c85u + w7; e += a; a += Sigma0(b) + maj(b, c, d);
  w8 += sigma1(w6) + w1 + sigma0(w9);
  h += Sigma1(e) + ch(e, f, g) + 0xa2bfe8a1u + w8; d += h; h += Sigma0(a) + maj(a, b, c);
  w9 += sigma1(w7) + w2 + sigma0(w10);
  g += Sigma1(d) + ch(d, e, f) + 0xa81a664bu + w9; c += g; g += Sigma0(h) + maj(h, a, b);
  w10 += sigma1(w8) + w3 + sigma0(w11);
  f += Sigma1(c) + ch(c, d, e) + 0xc24b8b70u + w10; b += f; f += Sigma0(g) + maj(g, h, a);
  w11 += sigma1(w9) + w4 + sigma0(w12);
  e += Sigma1(b) + ch(b, c, d) + 0xc76c51a3u + w11; a += e; e += Sigma0(f) + maj(f, g, h);
  w12 += sigma1(w10) + w5 + sigma0(w13);
  d += Sigma1(a) + ch(a, b, c) + 0xd192e819u + w12; h += d; d += Sigma0(e) + maj(e, f, g);
  w13 += sigma1(w11) + w6 + sigma0(w14);
  c += Sigma1(h) + ch(h, a, b) + 0xd6990624u + w13; g += c; c += Sigma0(d) + maj(d, e, f);
  w14 += sigma1(w12) + w7 + sigma0(w15);
  b += Sigma1(g) + ch(g, h, a) + 0xf40e3585u + w14; f += b; b += Sigma0(c) + maj(c, d, e);
  w15 += sigma1(w13) + w8 + sigma0(w0);
  a += Sigma1(f) + ch(f, g, h) + 0x106aa070u + w15; e += a; a += Sigma0(b) + maj(b, c, d);
  w0 += sigma1(w14) + w9 + sigma0(w1);
  h += Sigma1(e) + ch(e, f, g) + 0x19a4c116u + w0; d += h; h += Sigma0(a) + maj(a, b, c);
  w1 += sigma1(w15) + w10 + sigma0(w2);
  g += Sigma1(d) + ch(d, e, f) + 0x1e376c08u + w1; c += g; g += Sigma0(h) + maj(h, a, b);
  w2 += sigma1(w0) + w11 + sigma0(w3);
  f += Sigma1(c) + ch(c, d, e) + 0x2748774cu + w2; b += f; f += Sigma0(g) + maj(g, h, a);
  w3 += sigma1(w1) + w12 + sigma0(w4);
  e += Sigma1(b) + ch(b, c, d) + 0x34b0bcb5u + w3; a += e; e += Sigma0(f) + maj(f, g, h);
  w4 += sigma1(w2) + w13 + sigma0(w5);
  d += Sigma1(a) + ch(a, b, c) + 0x391c0cb3u + w4; h += d; d += Sigma0(e) + maj(e, f, g);
  w5 += sigma1(w3) + w14 + sigma0(w6);
  c += Sigma1(h) + ch(h, a, b) + 0x4ed8aa4au + w5; g += c; c += Sigma0(d) + maj(d, e, f);
  w6 += sigma1(w4) + w15 + sigma0(w7);
  b += Sigma1(g) + ch(g, h, a) + 0x5b9cca4fu + w6; f += b; b += Sigma0(c) + maj(c, d, e);
  w7 += sigma1(w5) + w0 + sigma0(w8);
  a += Sigma1(f) + ch(f, g, h) + 0x682e6ff3u + w7; e += a; a += Sigma0(b) + maj(b, c, d);
  w8 += sigma1(w6) + w1 + sigma0(w9);
  h += Sigma1(e) + ch(e, f, g) + 0x748f82eeu + w8; d += h; h += Sigma0(a) + maj(a, b, c);
  w9 += sigma1(w7) + w2 + sigma0(w10);
  g += Sigma1(d) + ch(d, e, f) + 0x78a5636fu + w9; c += g; g += Sigma0(h) + maj(h, a, b);
  w10 += sigma1(w8) + w3 + sigma0(w11);
  f += Sigma1(c) + ch(c, d, e) + 0x84c87814u + w10; b += f; f += Sigma0(g) + maj(g, h, a);
  w11 += sigma1(w9) + w4 + sigma0(w12);
  e += Sigma1(b) + ch(b, c, d) + 0x8cc70208u + w11; a += e; e += Sigma0(f) + maj(f, g, h);
  w12 += sigma1(w10) + w5 + sigma0(w13);
  d += Sigma1(a) + ch(a, b, c) + 0x90befffau + w12; h += d; d += Sigma0(e) + maj(e, f, g);
  w13 += sigma1(w11) + w6 + sigma0(w14);
  c += Sigma1(h) + ch(h, a, b) + 0xa4506cebu + w13; g += c; c += Sigma0(d) + maj(d, e, f);
  w14 += sigma1(w12) + w7 + sigma0(w15);
  b += Sigma1(g) + ch(g, h, a) + 0xbef9a3f7u + w14; f += b; b += Sigma0(c) + maj(c, d, e);
  w15 += sigma1(w13) + w8 + sigma0(w0);
  a += Sigma1(f) + ch(f, g, h) + 0xc67178f2u + w15; e += a; a += Sigma0(b) + maj(b, c, d);
  return State(s.a + a, s.b + b, s.c + c, s.d + d, s.e + e, s.f + f, s.g + g, s.h + h);
}
