// The DAG in 8 bindings of sizes.piece pages each, the last one the rest. dagVector: 16 bytes of a page, number
// 0 … 7. The binding is chosen by branches, not by select, which would read all of them: lanes that share a page
// go the same way. Follows ethash/pages.

@group(0) @binding(0) var<storage, read> dag0: array<vec4<u32>>;
@group(0) @binding(5) var<storage, read> dag1: array<vec4<u32>>;
@group(0) @binding(6) var<storage, read> dag2: array<vec4<u32>>;
@group(0) @binding(7) var<storage, read> dag3: array<vec4<u32>>;
@group(0) @binding(8) var<storage, read> dag4: array<vec4<u32>>;
@group(0) @binding(9) var<storage, read> dag5: array<vec4<u32>>;
@group(0) @binding(10) var<storage, read> dag6: array<vec4<u32>>;
@group(0) @binding(11) var<storage, read> dag7: array<vec4<u32>>;

fn dagVector(page: u32, vector: u32) -> vec4<u32> {
  let piece = sizes.piece;
  if (page < piece) { return dag0[page * 8u + vector]; }
  if (page < 2u * piece) { return dag1[(page - piece) * 8u + vector]; }
  if (page < 3u * piece) { return dag2[(page - 2u * piece) * 8u + vector]; }
  if (page < 4u * piece) { return dag3[(page - 3u * piece) * 8u + vector]; }
  if (page < 5u * piece) { return dag4[(page - 4u * piece) * 8u + vector]; }
  if (page < 6u * piece) { return dag5[(page - 5u * piece) * 8u + vector]; }
  if (page < 7u * piece) { return dag6[(page - 6u * piece) * 8u + vector]; }
  return dag7[(page - 7u * piece) * 8u + vector];
}
