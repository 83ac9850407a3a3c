import type { Iterate } from '../chains/replay.js';
import { each, pick, sweeps } from '../chains/vectors.js';

// FIPS 180-4, section 4.1.2, as the standard writes them.
const ch = each((x, y, z) => ((x as number) & (y as number)) ^ (~(x as number) & (z as number)));
const maj = each(
  (x, y, z) => ((x as number) & (y as number)) ^ ((x as number) & (z as number)) ^ ((y as number) & (z as number)),
);
const xor3 = each((x, y, z) => (x as number) ^ (y as number) ^ (z as number));

/** As `ring.wgsl`: 24 sweeps of seven xor3, two ch and two maj on vectors. */
export const logicRing: Iterate = (words) =>
  sweeps(24, words, ([a0, b0, c0, d0]) => {
    const d = xor3(d0, ch(a0, b0, c0), pick(a0, 'yzwx'));
    const a = xor3(a0, maj(b0, c0, d), pick(c0, 'yzwx'));
    const b = xor3(b0, pick(c0, 'wxyz'), pick(d, 'yzwx'));
    const c = xor3(c0, ch(d, a, b), pick(a, 'wxyz'));
    const e = xor3(d, maj(a, b, c), pick(b, 'yzwx'));
    const f = xor3(a, pick(c, 'zwxy'), pick(e, 'yzwx'));
    const g = xor3(b, pick(e, 'zwxy'), pick(f, 'wxyz'));
    return [f, g, c, e];
  });
