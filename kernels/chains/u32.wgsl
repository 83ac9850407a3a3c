// T is vec4<u32>.
fn load(words: vec4<u32>) -> T { return words; }
fn store(value: T) -> vec4<u32> { return value; }
