// The DAG in one binding. dagVector: 16 bytes of a page, number 0 … 7.

@group(0) @binding(0) var<storage, read> dag0: array<vec4<u32>>;

fn dagVector(page: u32, vector: u32) -> vec4<u32> {
  return dag0[page * 8u + vector];
}
