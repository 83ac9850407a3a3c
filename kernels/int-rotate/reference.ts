import type { Iterate } from '../chains/replay.js';
import { each, pick, sweeps } from '../chains/vectors.js';

const rotr = (x: number, n: number) => (x >>> n) | (x << (32 - n));
const mix = each((x, y, z) => rotr(x as number, 6) ^ rotr(y as number, 11) ^ rotr(z as number, 25));

/** As `sigma.wgsl`: 16 sweeps of three rotations on each word. */
export const rotateSigma: Iterate = (words) =>
  sweeps(16, words, ([a0, b0, c0, d0]) => {
    const a = mix(a0, b0, c0);
    const b = mix(b0, c0, d0);
    const c = mix(c0, d0, pick(a, 'yzwx'));
    const d = mix(d0, a, pick(b, 'yzwx'));
    return [a, b, c, d];
  });

const through = (n: number) => each((high, low) => ((high as number) << n) | ((low as number) >>> (32 - n)));

/** As `funnel.wgsl`: 48 sweeps of one funnel shift on each word. */
export const rotateFunnel: Iterate = (words) =>
  sweeps(48, words, ([a, b, c, d]) => [
    through(7)(b, a),
    through(11)(c, d),
    through(11)(d, c),
    pick(through(7)(a, b), 'yzwx'),
  ]);
