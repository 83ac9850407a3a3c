// b as k × n bytes: a row's bytes lie along n, and have to be turned, since a dot product takes four bytes along k.
//
// Generated constants: N, K (padded sizes).

@group(0) @binding(1) var<storage, read> b: array<u32>;

// Whether neighbouring columns are neighbours in memory.
const COLUMNS_LIE_TOGETHER = true;

// For columns 4·column4 … and k from 16·k16: of each four along k one word for each column.
fn rightQuad(batch: u32, column4: u32, k16: u32) -> array<vec4<u32>, 4> {
  var quad: array<vec4<u32>, 4>;
  for (var w = 0u; w < 4; w++) {
    let at = (batch * K + 16 * k16 + 4 * w) * (N / 4) + column4;
    quad[w] = transposeBytes(vec4(b[at], b[at + N / 4], b[at + 2 * (N / 4)], b[at + 3 * (N / 4)]));
  }
  return quad;
}
