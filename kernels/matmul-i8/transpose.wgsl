// Four rows of four bytes as four columns: byte i of result j is byte j of row i.
fn transposeBytes(rows: vec4<u32>) -> vec4<u32> {
  // Bytes 0 and 2, then 1 and 3, of two rows interleaved: 0a 0b 2a 2b.
  let even = vec2(
    (rows.x & 0x00ff00ff) | ((rows.y & 0x00ff00ff) << 8),
    (rows.z & 0x00ff00ff) | ((rows.w & 0x00ff00ff) << 8),
  );
  let odd = vec2(
    ((rows.x >> 8) & 0x00ff00ff) | (rows.y & 0xff00ff00),
    ((rows.z >> 8) & 0x00ff00ff) | (rows.w & 0xff00ff00),
  );
  return vec4(
    (even.x & 0xffff) | (even.y << 16),
    (odd.x & 0xffff) | (odd.y << 16),
    (even.x >> 16) | (even.y & 0xffff0000),
    (odd.x >> 16) | (odd.y & 0xffff0000),
  );
}
