// The DAG in 2 bindings of sizes.piece pages each, the last one the rest. dagVector: 16 bytes of a page, number
// 0 … 7. The binding is chosen by branches, not by select, which would read all of them: lanes that share a page
// go the same way. Follows ethash/pages.

@group(0) @binding(0) var<storage, read> dag0: array<vec4<u32>>;
@group(0) @binding(5) var<storage, read> dag1: array<vec4<u32>>;

fn dagVector(page: u32, vector: u32) -> vec4<u32> {
  let piece = sizes.piece;
  if (page < piece) { return dag0[page * 8u + vector]; }
  return dag1[(page - piece) * 8u + vector];
}
