import type { Axis, Bound, Kernel, Shape } from '../declaration.js';
import { ShapeError } from '../errors.js';
import { fewRows } from '../matmul/sizes.js';
import { BLOCK, BLOCK_BYTES } from './format.js';
import { matmulQ4Input, matmulQ4ShapeOf } from './input.js';
import { sizesOf } from './layout.js';
import { matrixUnits, matrixUnitsF16 } from './matrix-units.js';
import { matmulQ4Oracle } from './oracle.js';
import { type MatmulQ4Input, type MatmulQ4Output, matmulQ4Reference } from './reference.js';
import { naive, registerTiled, subgroup } from './variants.js';
import { lanes, vector, vectorF16 } from './vector.js';

export type { MatmulQ4Input, MatmulQ4Output } from './reference.js';

const ID = 'matmul';
const MAX = 65536;
const M: Axis = { name: 'm', token: 'm', meaning: 'rows of a and c', min: 1, max: MAX };
const N: Axis = { name: 'n', token: 'n', meaning: 'rows of weights, columns of c', min: 1, max: MAX };
const K: Axis = { name: 'k', token: 'k', meaning: 'columns of a and of weights', min: BLOCK, max: MAX };
const AXES = [M, N, K];

const shapeFrom = (m: number, n: number, k: number): Shape => ({ m, n, k });

/** c = a · wᵀ in f16 with 4-bit weights: a is m × k, the weights n × k in blocks of 32 along k, c is m × n. */
export const matmulQ4: Kernel<MatmulQ4Input, MatmulQ4Output> = {
  id: ID,
  family: 'ai',
  type: 'q4',
  title: 'Matrix multiplication, f16 by 4-bit weights',
  source: 'ONNX Runtime contrib operator MatMulNBits (com.microsoft, version 1): bits 4, block_size 32, no zero points',
  axes: AXES,
  checkShape({ k }) {
    if ((k as number) % BLOCK !== 0)
      throw new ShapeError(`matmul: k must be a multiple of ${BLOCK}, the weights of a block, got ${k}`);
  },
  // The least; odd sizes with an odd number of blocks; a matrix–vector product; whole tiles and a little.
  probes: [shapeFrom(1, 1, 32), shapeFrom(3, 5, 96), shapeFrom(1, 70, 288), shapeFrom(66, 129, 160)],
  pilot: shapeFrom(16, 512, 512),
  // For software adapters; then a prompt of 512 tokens and one token through projections of an 8B model.
  workloads: [
    shapeFrom(128, 512, 512),
    shapeFrom(512, 4096, 4096),
    shapeFrom(512, 14336, 4096),
    shapeFrom(1, 4096, 4096),
    shapeFrom(1, 14336, 4096),
  ],
  input: matmulQ4Input,
  shapeOf: (input) => matmulQ4ShapeOf(input, ID, AXES),
  reference: matmulQ4Reference,
  oracle: matmulQ4Oracle,
  work(shape) {
    const { m, n, k } = sizesOf(shape);
    const blocks = n * (k / BLOCK);
    // A multiplication and an addition per term; making numbers of weights is not counted. Weights with their scales
    // and a are read once, c is written once.
    return {
      operations: 2 * m * n * k,
      unit: 'flop',
      bytes: 2 * m * k + blocks * (BLOCK_BYTES + 2) + 2 * m * n,
    };
  },
  bounds(shape): readonly Bound[] {
    const { operations, bytes } = matmulQ4.work(shape);
    const ways = [{ 'fma-f32': operations }, { 'fma-f16': operations }, { 'matrix-f16': operations }] as const;
    return [
      { id: 'multiply-add', kind: 'float', ways },
      { id: 'bandwidth', kind: 'memory', ways: [{ copy: bytes }, { read: bytes }] },
    ];
  },
  variants: [naive, registerTiled, subgroup, vector, vectorF16, lanes, matrixUnits, matrixUnitsF16],
  defaultVariant: registerTiled.id,
  // A few rows of a are a matter of memory, not of arithmetic.
  preferred: (shape) => (fewRows(shape) ? [vector.id] : [matrixUnits.id]),
  shortlist: [naive.id, registerTiled.id, subgroup.id, vector.id, lanes.id, matrixUnits.id],
};
