// T is vec4<f32>: buffers hold the floats' bits.
fn load(words: vec4<u32>) -> T { return bitcast<T>(words); }
fn store(value: T) -> vec4<u32> { return bitcast<vec4<u32>>(value); }
