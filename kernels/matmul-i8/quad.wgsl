// Four rows of four words as four columns.
fn turned(r0: vec4<u32>, r1: vec4<u32>, r2: vec4<u32>, r3: vec4<u32>) -> array<vec4<u32>, 4> {
  return array(
    vec4(r0.x, r1.x, r2.x, r3.x),
    vec4(r0.y, r1.y, r2.y, r3.y),
    vec4(r0.z, r1.z, r2.z, r3.z),
    vec4(r0.w, r1.w, r2.w, r3.w),
  );
}

// One word of a by four of b, each four products with their sum.
fn dots(left: u32, right: vec4<u32>) -> vec4<i32> {
  return vec4(
    dot4I8Packed(left, right.x),
    dot4I8Packed(left, right.y),
    dot4I8Packed(left, right.z),
    dot4I8Packed(left, right.w),
  );
}
