// b as n × k bytes, as weights are stored: bytes lie along k, as a dot product takes them.
//
// Generated constants: N, K (padded sizes).

@group(0) @binding(1) var<storage, read> b: array<vec4<u32>>;

// Whether neighbouring columns are neighbours in memory.
const COLUMNS_LIE_TOGETHER = false;

// For columns 4·column4 … and k from 16·k16: of each four along k one word for each column.
fn rightQuad(batch: u32, column4: u32, k16: u32) -> array<vec4<u32>, 4> {
  let at = (batch * N + 4 * column4) * (K / 16) + k16;
  return turned(b[at], b[at + K / 16], b[at + 2 * (K / 16)], b[at + 3 * (K / 16)]);
}
