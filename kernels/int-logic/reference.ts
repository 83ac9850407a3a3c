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
    const t = ch(a0, b0, pick(a0, 'yzwx'));
    const u = maj(pick(a0, 'zwxy'), b0, pick(b0, 'wxyz'));
    const c = xor3(c0, t, pick(u, 'yzwx'));
    const d = xor3(d0, u, pick(t, 'zwxy'));
    const v = ch(c, d, pick(c, 'yzwx'));
    const w = maj(pick(c, 'zwxy'), d, pick(d, 'wxyz'));
    const a = xor3(xor3(a0, v, pick(w, 'yzwx')), pick(c, 'yzwx'), pick(d, 'wxyz'));
    const b = xor3(xor3(b0, w, pick(v, 'zwxy')), pick(c, 'zwxy'), pick(d, 'wxyz'));
    return [a, b, c, xor3(d, a, pick(b, 'yzwx'))];
  });
