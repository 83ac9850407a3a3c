import { describe, record, wholeNumber } from '../arguments.js';
import type { Axis, Shape } from '../declaration.js';
import { InputError } from '../errors.js';
import { floats } from '../floats.js';
import { randomFloats, randomWholeNumbers } from '../random.js';
import type { Precision } from './precision.js';
import { BATCH, K, M, N, shapeFrom, sizesOf } from './sizes.js';

export interface MatmulInput {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** Independent products, 1 when absent. */
  readonly batch?: number;
  /** Whether b is given transposed; it is not when absent. */
  readonly transposeB?: boolean;
  /** [batch, m, k], row-major. */
  readonly a: Float32Array;
  /** [batch, k, n], or [batch, n, k] when transposed; row-major. */
  readonly b: Float32Array;
}

const SALT_B = 0x5bd1e995;

/**
 * Even seeds draw uniform numbers from [−1, 1), rounded to the type. Odd seeds draw whole numbers of at most 2: sums
 * of their products stay far below 2048, where every whole number is an f16, so that they come out exact in any order
 * and in either type, and a term that is missing has nowhere to hide.
 */
export function randomInput(shape: Shape, seed: number, precision: Precision): MatmulInput {
  const { m, n, k, batch, transposeB } = sizesOf(shape);
  const draw = (length: number, from: number) =>
    seed % 2 === 0 ? precision.round(randomFloats(length, from)) : randomWholeNumbers(length, from, largest(k));
  const a = draw(batch * m * k, seed);
  const b = draw(batch * k * n, seed ^ SALT_B);
  return { m, n, k, batch, transposeB, a, b };
}

/** Products of numbers of at most 2 have a mean square of 4: eight times the root of the sum's stays below 2048. */
const largest = (k: number): number => (k <= 16384 ? 2 : 1);

/** Of a caller's arguments; the numbers are rounded to the type. @throws {InputError} naming the argument */
export function readInput(input: unknown, precision: Precision): { shape: Shape; input: MatmulInput } {
  const given = record(input, 'matmul', ['m', 'n', 'k', 'batch', 'transposeB', 'a', 'b']);
  const size = ({ name, min, max, default: otherwise }: Axis): number =>
    wholeNumber(given[name] ?? otherwise, name, min, max);
  const [m, n, k, batch] = [size(M), size(N), size(K), size(BATCH)];
  const { transposeB = false } = given;
  if (typeof transposeB !== 'boolean')
    throw new InputError(`transposeB must be true or false, got ${describe(transposeB)}`);
  const each = batch === 1 ? '' : 'batch·';
  const a = precision.round(floats(given.a, 'a', batch * m * k, `${each}m·k`));
  const b = precision.round(floats(given.b, 'b', batch * k * n, `${each}k·n`));
  return { shape: shapeFrom(m, n, k, { batch, transposeB }), input: { m, n, k, batch, transposeB, a, b } };
}
