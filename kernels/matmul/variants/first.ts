import { pick, up } from '../../tiles.js';
import { checkWorkgroup } from '../../workgroup.js';
import { layout, type MatmulVariant, type Padding } from '../layout.js';
import { manyRows, type Sizes, sizesOf, small } from '../sizes.js';
import { floats, packedHalves } from '../storage.js';
import { singleDispatch, sizeConstants } from './plan.js';

/** The first chapters: what everybody would write, and the square tile of the textbooks. */

const asIs: Padding = (sizes) => sizes;

export const naive: MatmulVariant = {
  id: 'naive',
  suits: small,
  story: 'One invocation per element of c: every multiplication fetches both its factors from memory.',
  plan(shape) {
    const sizes = sizesOf(shape);
    // 16 wide so that neighbours read neighbouring words of b.
    const constants = { ...sizeConstants(sizes), GROUP_X: 16, GROUP_Y: 8 };
    return singleDispatch({ wgsl: 'matmul/naive.wgsl', constants }, sizes, floats, [8, 16]);
  },
  ...layout(floats, asIs),
};

/** Rows of a, b and c are whole words. */
const wholeWords: Padding = (sizes: Sizes) => ({ ...sizes, n: up(sizes.n, 2), k: up(sizes.k, 2) });

export const naiveHalves: MatmulVariant = {
  id: 'naive',
  suits: small,
  story:
    'One invocation per word of c, which holds two elements: every two multiplications fetch their factors from ' +
    'memory. Words are unpacked by a function that every adapter has.',
  plan(shape, tuning) {
    const sizes = wholeWords(sizesOf(shape), tuning);
    const constants = { ...sizeConstants(sizes), GROUP_X: 16, GROUP_Y: 8 };
    return singleDispatch({ wgsl: 'matmul/naive-halves.wgsl', constants }, sizes, packedHalves, [8, 32]);
  },
  ...layout(packedHalves, wholeWords),
};

export const tiled: MatmulVariant = {
  id: 'tiled',
  story: 'Adds square tiles in workgroup memory: each value fetched from memory serves a whole row of invocations.',
  suits: (shape) => manyRows(shape) && small(shape),
  tuning: { tile: [16, 8, 32] },
  plan(shape, tuning, limits) {
    const sizes = sizesOf(shape);
    const tile = pick(tuning, 'tile');
    checkWorkgroup('matmul/tiled', tile * tile, 8 * tile * tile, limits);
    const constants = { ...sizeConstants(sizes), TILE: tile };
    return singleDispatch({ wgsl: 'matmul/tiled.wgsl', constants }, sizes, floats, [tile, tile]);
  },
  ...layout(floats, asIs),
};
