// The six logical functions of SHA-256 (FIPS 180-4, section 4.1.2), on one word or on several side by side: the
// generated header has `alias Word`, u32 or a vector of it. Rotations are written as two shifts and an or, which
// compilers recognise as one funnel shift; ch and maj are in the forms that map to one three-input logic
// instruction or to the fewest two-input ones.

fn rotr(x: Word, n: u32) -> Word { return (x >> Word(n)) | (x << Word(32u - n)); }
fn ch(x: Word, y: Word, z: Word) -> Word { return z ^ (x & (y ^ z)); }
fn maj(x: Word, y: Word, z: Word) -> Word { return (x & y) | (z & (x | y)); }
fn Sigma0(x: Word) -> Word { return rotr(x, 2u) ^ rotr(x, 13u) ^ rotr(x, 22u); }
fn Sigma1(x: Word) -> Word { return rotr(x, 6u) ^ rotr(x, 11u) ^ rotr(x, 25u); }
fn sigma0(x: Word) -> Word { return rotr(x, 7u) ^ rotr(x, 18u) ^ (x >> Word(3u)); }
fn sigma1(x: Word) -> Word { return rotr(x, 17u) ^ rotr(x, 19u) ^ (x >> Word(10u)); }
