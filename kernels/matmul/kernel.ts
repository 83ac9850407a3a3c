import { floatBounds } from '../bounds.js';
import { matmulKernel } from './declare.js';
import { f16, f32 } from './precision.js';
import { shapeFrom } from './sizes.js';
import { floats, halves, packedHalves } from './storage.js';
import { naive, naiveHalves, tiled } from './variants/first.js';
import { matrixUnitsF16, matrixUnitsF32 } from './variants/matrix-units.js';
import { matrixVectorBySubgroups, matrixVectorInMemory } from './variants/matrix-vector.js';
import { prefetched, splitK } from './variants/prefetched.js';
import { registerTiled } from './variants/register-tiled.js';
import { subgroup } from './variants/subgroup.js';

export type { MatmulInput } from './input.js';
export type { MatmulOutput } from './reference.js';

/** A token through a layer of an 8B model: weights as they are stored, each read for one product. */
const TOKEN = shapeFrom(1, 4096, 4096, { transposeB: true });

export const matmul = matmulKernel({
  precision: f32,
  title: 'Matrix multiplication, f32',
  workloads: [TOKEN],
  bounds: floatBounds,
  variants: [
    naive,
    tiled,
    registerTiled(floats),
    prefetched(floats),
    splitK(floats),
    matrixVectorInMemory(floats),
    matrixVectorBySubgroups(floats),
    subgroup(floats),
  ],
  shortlist: ['naive', 'register-tiled', 'prefetched', 'matrix-vector', 'matrix-vector-subgroup', 'subgroup'],
  preferredTiles: [],
  defaultVariant: 'prefetched',
});

export const matmulF16 = matmulKernel({
  precision: f16,
  title: 'Matrix multiplication, f16',
  workloads: [TOKEN],
  // An adapter may do two f16 at once, or have matrix units; the fastest of what was measured is the roof.
  bounds: (work) => [
    {
      ...{ id: 'multiply-add', kind: 'float' },
      ways: [{ 'fma-f32': work.operations }, { 'fma-f16': work.operations }, { 'matrix-f16': work.operations }],
    },
    { id: 'bandwidth', kind: 'memory', ways: [{ copy: work.bytes }, { read: work.bytes }] },
  ],
  variants: [
    naiveHalves,
    { ...registerTiled(packedHalves), id: 'register-tiled-packed' },
    registerTiled(halves),
    prefetched(packedHalves),
    splitK(packedHalves),
    matrixVectorInMemory(packedHalves),
    matrixVectorBySubgroups(packedHalves),
    subgroup(packedHalves),
    matrixUnitsF32,
    matrixUnitsF16,
  ],
  shortlist: ['naive', 'prefetched', 'matrix-vector', 'matrix-vector-subgroup', 'subgroup', 'matrix-units'],
  // Sums in f16 are faster still on consumer cards, but nobody who did not ask should get their rounding.
  preferredTiles: ['matrix-units'],
  defaultVariant: 'prefetched',
});
