import { describe, record, wholeNumber } from '../arguments.js';
import type { Axis, Shape } from '../declaration.js';
import { InputError } from '../errors.js';
import { randomWords } from '../random.js';
import type { MatrixChain } from './chain.js';
import { AREA, growth, type MatrixInput, SIDE, STARTS } from './reference.js';

export const AXES = {
  blocks: { name: 'blocks', token: 'n', meaning: 'blocks of 32×32 sums', min: 1, max: 2 ** 20 },
  iterations: {
    name: 'iterations',
    token: 'i',
    meaning: 'iterations of eight products 32×32×32 on each block',
    min: 1,
    max: 256,
  },
} as const satisfies Record<string, Axis>;

/**
 * The second left is the first one negated, but for one element in each row that is one nearer to zero. So a pair of
 * products adds just one element of right or its negation, and the sums grow so slowly that even f16 holds them
 * exactly; yet operands are as dense as any.
 */
export function matrixInput({ most }: MatrixChain, shape: Shape, seed: number): MatrixInput {
  const { blocks, iterations } = shape as { blocks: number; iterations: number };
  const next = randomWords(seed);
  /** From −far to far, without zero. */
  const signed = (far: number) => {
    const word = next();
    return (((word >>> 1) % far) + 1) * (word % 2 === 0 ? 1 : -1);
  };
  const first = Int8Array.from({ length: AREA }, () => signed(most.left));
  const second = first.map((x) => -x);
  for (let row = 0; row < SIDE; row++) {
    const at = row * SIDE + (next() % SIDE);
    second[at] = (second[at] as number) + Math.sign(first[at] as number);
  }
  return {
    ...{ blocks, iterations, lefts: Int8Array.of(...first, ...second) },
    right: Int8Array.from({ length: AREA }, () => signed(most.right)),
    starts: Int16Array.from({ length: STARTS * AREA }, () => signed(most.start)),
  };
}

/**
 * A caller's input and its shape.
 * @throws {InputError} naming the argument, what it must be and what it was
 */
export function readInput(input: unknown, { id, exact }: MatrixChain): { shape: Shape; input: MatrixInput } {
  const given = record(input, id, ['blocks', 'iterations', 'lefts', 'right', 'starts']);
  const size = (name: keyof typeof AXES) => wholeNumber(given[name], name, AXES[name].min, AXES[name].max);
  const shape = { blocks: size('blocks'), iterations: size('iterations') };
  const read: MatrixInput = {
    ...shape,
    lefts: matrices(given.lefts, 'lefts', Int8Array, 2),
    right: matrices(given.right, 'right', Int8Array, 1),
    starts: matrices(given.starts, 'starts', Int16Array, STARTS),
  };
  const { most } = growth(read);
  if (most > exact)
    throw new InputError(
      `${id}: sums may come to ${most} with these lefts, right, starts and iterations; they are exact up to ${exact}`,
    );
  return { shape, input: read };
}

function matrices<T extends Int8Array | Int16Array>(
  value: unknown,
  name: string,
  type: abstract new (...args: never[]) => T,
  count: number,
): T {
  if (!(value instanceof type))
    throw new InputError(`${name} must be an ${type.name} of ${count * AREA} elements, got ${describe(value)}`);
  if (value.length !== count * AREA)
    throw new InputError(`${name} must hold ${count * AREA} elements, got ${value.length}`);
  return value;
}
