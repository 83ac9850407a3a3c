import { describe, record, wholeNumber } from '../arguments.js';
import type { Bound, Kernel, KnownAnswer } from '../declaration.js';
import { InputError } from '../errors.js';
import { int8s } from '../int8s.js';
import { randomBytes, randomWords } from '../random.js';
import { matrixUnits } from './matrix-units.js';
import { matmulI8Oracle } from './oracle.js';
import { type MatmulI8Input, type MatmulI8Output, matmulI8Reference } from './reference.js';
import { BATCH, fewRows, K, M, N, products, shapeFrom, sizesOf, TRANSPOSE_B } from './sizes.js';
import { naive, registerTiled, subgroup } from './variants.js';
import { vector } from './vector.js';

export type { MatmulI8Input, MatmulI8Output } from './reference.js';

const ID = 'matmul';

const weights = { transposeB: true };

/** What sums of 16 bits cannot hold: two products of −128 by −128. */
const EXTREMES = Int8Array.of(-128, -128, 127, -127);

/** Even seeds draw from all int8, odd ones from the extremes, where an intermediate that is too narrow overflows. */
function bytesFrom(length: number, seed: number): Int8Array {
  if (seed % 2 === 0) return new Int8Array(randomBytes(length, seed).buffer, 0, length);
  const next = randomWords(seed);
  return new Int8Array(length).map(() => EXTREMES[next() >>> 30] as number);
}

/** The example of ONNX's operator, whose zero point of a, 12, is taken off a here. */
const published = {
  ...{ m: 4, n: 2, k: 3, batch: 1, transposeB: false },
  a: Int8Array.of(11, 7, 3, 10, 6, 2, 9, 5, 1, 8, 4, 0).map((x) => x - 12),
  b: Int8Array.of(1, 4, 2, 5, 3, 6),
};
const PUBLISHED = Int32Array.of(-38, -83, -44, -98, -50, -113, -56, -128);
const knownAnswer: KnownAnswer<MatmulI8Input, MatmulI8Output> = {
  name: 'matmulinteger',
  source: 'ONNX operator MatMulInteger, example matmulinteger (onnx/backend/test/case/node/matmulinteger.py)',
  input: published,
  oracle: {
    method: 'every element exactly',
    tolerance: { kind: 'exact' },
    check({ c }) {
      const correct = c.length === PUBLISHED.length && PUBLISHED.every((x, i) => x === c[i]);
      const detail = `c: expected ${PUBLISHED.join(' ')}, got ${c.subarray(0, 8).join(' ')}`;
      return correct ? { correct, maxError: 0 } : { correct, maxError: null, detail };
    },
  },
};

/** c = a · b of int8 with sums in i32, row-major: a is m × k, b is k × n or given transposed, c is m × n. */
export const matmulI8: Kernel<MatmulI8Input, MatmulI8Output> = {
  id: ID,
  family: 'ai',
  type: 'i8',
  title: 'Matrix multiplication, int8 with int32 sums',
  source: 'ONNX operator MatMulInteger (version 10) with zero points of 0',
  axes: [M, N, K, BATCH, TRANSPOSE_B],
  // The least; odd sizes in two batches; odd with b transposed; a matrix–vector product; both ways in whole tiles.
  probes: [
    shapeFrom(1, 1, 1),
    shapeFrom(3, 5, 7, { batch: 2 }),
    shapeFrom(33, 18, 67, weights),
    shapeFrom(1, 70, 300, weights),
    shapeFrom(1, 70, 130),
    shapeFrom(66, 129, 96),
  ],
  knownAnswers: [knownAnswer],
  pilot: shapeFrom(128, 128, 128, weights),
  // 512 for software adapters; then a prompt of 512 tokens and one token through projections of an 8B model.
  workloads: [
    shapeFrom(512, 512, 512),
    shapeFrom(512, 512, 512, weights),
    shapeFrom(2048, 2048, 2048),
    shapeFrom(512, 4096, 4096, weights),
    shapeFrom(512, 14336, 4096, weights),
    shapeFrom(1, 4096, 4096, weights),
    shapeFrom(1, 14336, 4096, weights),
  ],
  input(shape, seed) {
    const { m, n, k, batch, transposeB } = sizesOf(shape);
    return {
      ...{ m, n, k, batch, transposeB },
      a: bytesFrom(batch * m * k, seed),
      // The same parity as the seed's.
      b: bytesFrom(batch * k * n, seed ^ 0x5bd1e994),
    };
  },
  shapeOf(input) {
    const given = record(input, ID, ['m', 'n', 'k', 'batch', 'transposeB', 'a', 'b']);
    const [m, n, k] = [M, N, K].map(({ name, min, max }) => wholeNumber(given[name], name, min, max)) as [
      number,
      number,
      number,
    ];
    const batch = wholeNumber(given.batch ?? 1, 'batch', BATCH.min, BATCH.max);
    const transposeB = given.transposeB ?? false;
    if (typeof transposeB !== 'boolean')
      throw new InputError(`transposeB must be true or false, got ${describe(transposeB)}`);
    const a = int8s(given.a, 'a', batch * m * k, 'batch·m·k');
    const b = int8s(given.b, 'b', batch * k * n, 'batch·k·n');
    return { shape: shapeFrom(m, n, k, { batch, transposeB }), input: { m, n, k, batch, transposeB, a, b } };
  },
  reference: matmulI8Reference,
  oracle: matmulI8Oracle,
  work(shape) {
    const s = sizesOf(shape);
    // A multiplication and an addition per term; a and b are read once and c is written once.
    return {
      operations: 2 * products(s),
      unit: 'iop',
      bytes: s.batch * (s.m * s.k + s.k * s.n + 4 * s.m * s.n),
    };
  },
  bounds(shape): readonly Bound[] {
    const { operations, bytes } = matmulI8.work(shape);
    return [
      { id: 'dot-product', kind: 'integer', ways: [{ 'dot4-i8': operations }, { 'matrix-i8': operations }] },
      { id: 'bandwidth', kind: 'memory', ways: [{ copy: bytes }, { read: bytes }] },
    ];
  },
  variants: [naive, registerTiled, subgroup, vector, matrixUnits],
  defaultVariant: registerTiled.id,
  // A few rows of a are a matter of memory, not of arithmetic.
  preferred: (shape) => (fewRows(shape) ? [vector.id] : [matrixUnits.id]),
  shortlist: [naive.id, registerTiled.id, subgroup.id, vector.id, matrixUnits.id],
};
