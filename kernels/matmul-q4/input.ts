import { bytes, record, wholeNumber } from '../arguments.js';
import type { Axis, Shape } from '../declaration.js';
import { InputError } from '../errors.js';
import { f16Bits, roundToF16 } from '../f16.js';
import { floats } from '../floats.js';
import { randomBytes, randomFloats, randomWords } from '../random.js';
import { BLOCK, BLOCK_BYTES, type Sizes } from './format.js';
import type { MatmulQ4Input } from './reference.js';

/**
 * Odd seeds: a is −1, 0 or 1, and of every row so many are not 0 that sums of weights with standard deviation √21.5
 * (whole numbers from −8 to 7) have a deviation of an eighth of 2048. Up to there f16 holds every whole number, so any
 * sum in f16 or f32, in any order, is exact.
 */
const NONZERO = (2048 / 8) ** 2 / 21.5;
const EXACT_SCALE = 2 ** -4;

/** Even seeds draw floats, odd seeds what is exact in f16; scales then differ in sign, so that none passes for another. */
export function matmulQ4Input(shape: Shape, seed: number): MatmulQ4Input {
  const { m, n, k } = shape as unknown as Sizes;
  const blocks = n * (k / BLOCK);
  const weights = randomBytes(blocks * BLOCK_BYTES, seed ^ 0x5bd1e995);
  if (seed % 2 === 0) {
    const a = roundToF16(randomFloats(m * k, seed));
    // From 1/64 to 1/16: outputs are small numbers, far from f16's limits.
    const scales = roundToF16(randomFloats(blocks, seed ^ 0x27d4eb2f).map((x) => (2.5 + 1.5 * x) / 64));
    return { m, n, k, a, weights, scales };
  }
  const next = randomWords(seed);
  const some = Math.min(1, NONZERO / k) * 2 ** 31;
  const a = new Float32Array(m * k).map(() => {
    const word = next();
    return word >>> 1 < some ? 1 - 2 * (word & 1) : 0;
  });
  const sign = randomWords(seed ^ 0x27d4eb2f);
  return { m, n, k, a, weights, scales: new Float32Array(blocks).map(() => (sign() >>> 31 ? 1 : -1) * EXACT_SCALE) };
}

/** Each value as the nearest f16. @throws {InputError} where a finite one is beyond the largest */
function halves(values: Float32Array, name: string): Float32Array {
  const beyond = values.findIndex((x) => Number.isFinite(x) && (f16Bits(x) & 0x7fff) === 0x7c00);
  if (beyond >= 0) throw new InputError(`${name}[${beyond}] is ${values[beyond]}, beyond the largest f16, 65504`);
  return roundToF16(values);
}

/** Validates a caller's input. @throws {InputError} naming the argument */
export function matmulQ4ShapeOf(
  input: unknown,
  kernel: string,
  axes: readonly Axis[],
): { shape: Shape; input: MatmulQ4Input } {
  const given = record(input, kernel, [...axes.map(({ name }) => name), 'a', 'weights', 'scales']);
  const [m, n, k] = axes.map(({ name, min, max }) => wholeNumber(given[name], name, min, max)) as [
    number,
    number,
    number,
  ];
  if (k % BLOCK !== 0) throw new InputError(`k must be a multiple of ${BLOCK}, the weights of a block, got ${k}`);
  const blocks = n * (k / BLOCK);
  const a = halves(floats(given.a, 'a', m * k, 'm·k'), 'a');
  const weights = bytes(given.weights, 'weights', blocks * BLOCK_BYTES);
  const scales = halves(floats(given.scales, 'scales', blocks, 'n·k/32'), 'scales');
  return { shape: { m, n, k }, input: { m, n, k, a, weights, scales } };
}
