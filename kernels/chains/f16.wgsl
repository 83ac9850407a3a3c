// T is vec4<f16>: buffers hold whole numbers as i32, all of them exact in f16.
fn load(words: vec4<u32>) -> T { return T(vec4<f32>(bitcast<vec4<i32>>(words))); }
fn store(value: T) -> vec4<u32> { return bitcast<vec4<u32>>(vec4<i32>(vec4<f32>(value))); }
