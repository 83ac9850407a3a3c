// The logical functions of SHA-256 (FIPS 180-4, section 4.1.2) on four words at once, as in shared/sha256-functions.wgsl
// but for maj, which stands there in a form that some processors do in fewer operations. T is vec4<u32>.
fn rotr(x: T, n: u32) -> T { return (x >> vec4<u32>(n)) | (x << vec4<u32>(32u - n)); }
fn ch(x: T, y: T, z: T) -> T { return z ^ (x & (y ^ z)); }
fn maj(x: T, y: T, z: T) -> T { return (x & y) | (z & (x | y)); }
fn xor3(x: T, y: T, z: T) -> T { return x ^ y ^ z; }
fn Sigma0(x: T) -> T { return xor3(rotr(x, 2u), rotr(x, 13u), rotr(x, 22u)); }
fn Sigma1(x: T) -> T { return xor3(rotr(x, 6u), rotr(x, 11u), rotr(x, 25u)); }
fn sigma0(x: T) -> T { return xor3(rotr(x, 7u), rotr(x, 18u), x >> vec4<u32>(3u)); }
fn sigma1(x: T) -> T { return xor3(rotr(x, 17u), rotr(x, 19u), x >> vec4<u32>(10u)); }
