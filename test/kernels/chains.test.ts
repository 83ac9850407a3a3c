import { describe, expect, test } from 'vitest';
import { fold, STARTS, TERMS, WORDS } from '../../kernels/chains/replay.js';
import type { Shape } from '../../kernels/declaration.js';
import { dot4 } from '../../kernels/dot4-i8/reference.js';
import { InputError } from '../../kernels/errors.js';
import * as fma from '../../kernels/fma-f32/reference.js';
import { kernels } from '../../kernels/index.js';
import { addRing } from '../../kernels/int-add/reference.js';
import { add3Ring } from '../../kernels/int-add3/reference.js';
import { logicRing } from '../../kernels/int-logic/reference.js';
import { mulRing } from '../../kernels/int-mul/reference.js';
import { rotateFunnel, rotateSigma } from '../../kernels/int-rotate/reference.js';
import { sha256Mix } from '../../kernels/int-sha256/reference.js';
import * as apart from '../../kernels/mul-add-f32/reference.js';
import { randomWords } from '../../kernels/random.js';

const words = (seed: number, length = WORDS) => Uint32Array.from({ length }, randomWords(seed));
const terms = words(99, TERMS);
const ended = (iterate: (w: Uint32Array, t: Uint32Array) => void, start: Uint32Array, times = 1) => {
  const end = start.slice();
  for (let i = 0; i < times; i++) iterate(end, terms);
  return end;
};

describe('chains against mathematics that needs no steps', () => {
  const MASK = 2n ** 32n - 1n;
  type Matrix = bigint[][];
  const times = (a: Matrix, b: Matrix): Matrix =>
    a.map((row) => b[0]?.map((_, j) => row.reduce((sum, x, k) => (sum + x * (b[k]?.[j] ?? 0n)) & MASK, 0n)) ?? []);
  const identity = (n: number): Matrix =>
    Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => BigInt(+(i === j))));
  const power = (m: Matrix, n: number): Matrix => {
    if (n === 0) return identity(m.length);
    const half = power(m, n >> 1);
    return n % 2 === 1 ? times(times(half, half), m) : times(half, half);
  };
  /** One step w[i] += w[next] + addend as a matrix over sixteen words and a one. */
  function sweepMatrix(addend: (i: number) => bigint): Matrix {
    let sweep = identity(WORDS + 1);
    for (let i = 0; i < WORDS; i++) {
      const step = identity(WORDS + 1);
      const next = i < 12 ? i + 4 : (i - 12 + 1) % 4;
      (step[i] as bigint[])[next] = 1n;
      (step[i] as bigint[])[WORDS] = addend(i);
      sweep = times(step, sweep);
    }
    return sweep;
  }
  const applied = (m: Matrix, start: Uint32Array) =>
    Uint32Array.from(
      times(
        m,
        [...start, 1].map((x) => [BigInt(x)]),
      )
        .slice(0, WORDS)
        .map(([x]) => Number(x)),
    );

  test('additions of two and of three: a power of a matrix modulo 2³²', () => {
    for (const [iterate, addend] of [
      [addRing, () => 0n],
      [add3Ring, (i: number) => BigInt(terms[i >> 2] as number)],
    ] as const)
      expect(ended(iterate, words(1), 5)).toEqual(applied(power(sweepMatrix(addend), 64 * 5), words(1)));
  });

  test('multiplications: exponents add as the additions do', () => {
    // Every odd word is ±5ᵏ; with all words 5^(start) exponents add, modulo 2³⁰, the order of 5 (Gauss, art. 91).
    const exponents = words(2).map((e) => e >>> 2);
    const toThe = (e: number) => {
      let [result, base] = [1, 5];
      for (let n = e; n > 0; n = Math.floor(n / 2), base = Math.imul(base, base))
        if (n % 2 === 1) result = Math.imul(result, base);
      return result >>> 0;
    };
    const want = applied(
      power(
        sweepMatrix(() => 0n),
        64 * 3,
      ),
      exponents,
    ).map((e) => toThe(e % 2 ** 30));
    expect(ended(mulRing, exponents.map(toThe), 3)).toEqual(want);
  });

  test.each([
    ['sigma', rotateSigma],
    ['funnel', rotateFunnel],
  ])('rotations, %s: linear over GF(2), and nothing is lost', (_name, iterate) => {
    const [x, y] = [words(3), words(4)];
    const both = ended(
      iterate,
      x.map((w, i) => w ^ (y[i] as number)),
      7,
    );
    expect(both).toEqual(ended(iterate, x, 7).map((w, i) => w ^ (ended(iterate, y, 7)[i] as number)));
    // A funnel's bits only move: as many as before.
    if (iterate === rotateFunnel) expect(bits(ended(iterate, x, 100))).toBe(bits(x));
  });

  test('logic: each bit position by itself, whatever the other thirty-one hold', () => {
    const [x, y] = [words(5), words(6)];
    const keep = 0x0f0ff0f0;
    const mixed = x.map((w, i) => ((w & keep) | ((y[i] as number) & ~keep)) >>> 0);
    expect(ended(logicRing, mixed, 4).map((w) => (w & keep) >>> 0)).toEqual(
      ended(logicRing, x, 4).map((w) => (w & keep) >>> 0),
    );
  });

  test('no chain dies out: after many iterations half the bits are still set, and all starts still differ', () => {
    for (const iterate of [addRing, add3Ring, rotateSigma, rotateFunnel, logicRing, sha256Mix]) {
      const ends = [11, 12, 13, 14, 15].map((seed) => ended(iterate, words(seed), 1500));
      expect(new Set(ends.map(String)).size).toBe(5);
      for (const end of ends) expect(Math.abs(bits(end) - 256)).toBeLessThan(80);
    }
  });
});

const bits = (all: Uint32Array) => all.reduce((sum, w) => sum + ones(w), 0);
const ones = (w: number) => w.toString(2).replaceAll('0', '').length;

test('the fold of sixteen words shows a change of any bit of any word', () => {
  const whole = fold(words(7));
  for (let i = 0; i < WORDS; i++)
    for (let bit = 0; bit < 32; bit++) {
      const changed = words(7);
      changed[i] = (changed[i] as number) ^ (1 << bit);
      expect(fold(changed)).not.toBe(whole);
    }
});

/** Chains of single invocations; those of matrix units are made otherwise and have tests of their own. */
const chains = kernels.filter((k) => 'terms' in (k.input(k.probes[0] as Shape, 1) as object));

describe.each(chains.map((k) => [k.id, k] as const))('%s', (_id, kernel) => {
  const shape = { invocations: 200, iterations: 3 };
  const input = kernel.input(shape, 1) as Record<string, unknown>;
  const output = kernel.reference(shape, input) as { chain: string; ends: Uint32Array };
  const check = (ends: Uint32Array, chain = output.chain) => kernel.oracle(shape, input, 1).check({ chain, ends });

  test('takes its own input, and its reference satisfies its oracle', () => {
    expect(kernel.shapeOf(input).shape).toEqual(shape);
    expect(check(output.ends)).toEqual({ correct: true, maxError: 0 });
  });

  test('one wrong word is refused and named', () => {
    const ends = output.ends.slice();
    ends[150] = (ends[150] as number) ^ 1;
    expect(check(ends)).toMatchObject({ correct: false, detail: expect.stringContaining('invocation 150: expected ') });
  });

  test('ends of another seed, of one iteration less or more, of neighbours, and of another length are refused', () => {
    const other = kernel.input(shape, 2);
    const fewer = (kernel.reference(shape, { ...input, iterations: 2 }) as typeof output).ends;
    const more = (kernel.reference(shape, { ...input, iterations: 4 }) as typeof output).ends;
    const shifted = Uint32Array.from(output.ends, (_, i) => output.ends[(i + 1) % 200] as number);
    for (const ends of [
      (kernel.reference(shape, other) as typeof output).ends,
      fewer,
      more,
      shifted,
      new Uint32Array(200),
    ])
      expect(check(ends).correct).toBe(false);
    expect(check(output.ends.slice(1)).detail).toBe('ends must hold 200 words, got 199');
    expect(check(output.ends, 'odd').detail).toMatch(/^chain must be one of .*, got odd$/);
  });

  test.each([
    [{ invocations: 0 }, 'invocations must be a whole number from 1 to 16777216, got 0'],
    [{ iterations: 5000 }, 'iterations must be a whole number from 1 to 4096, got 5000'],
    [{ starts: new Uint32Array(5) }, `starts must hold ${STARTS * WORDS} words, got 5`],
    [{ starts: [] }, `starts must be a Uint32Array of ${STARTS * WORDS} words, got Array`],
    [{ terms: new Uint32Array(TERMS + 1) }, `terms must hold ${TERMS} words, got 9`],
    [{ odd: 1 }, 'unknown argument "odd"'],
  ])('shapeOf refuses by the name of the argument: %j', (wrong, message) => {
    expect(() => kernel.shapeOf({ ...input, ...wrong })).toThrow(InputError);
    expect(() => kernel.shapeOf({ ...input, ...wrong })).toThrow(message);
  });

  test('counts work by invocations and iterations', () => {
    const { operations, unit } = kernel.work(shape);
    expect(kernel.work({ invocations: 400, iterations: 9 })).toMatchObject({ operations: 6 * operations, unit });
  });
});

test('an even start would end a chain of products at zero, and is refused', () => {
  const kernel = kernels.find((k) => k.id === 'int-mul');
  const input = kernel?.input({ invocations: 1, iterations: 1 }, 1) as { starts: Uint32Array };
  input.starts[3] = 4;
  expect(() => kernel?.shapeOf(input)).toThrow('starts[3] must be odd, got the word 4');
});

test('f32 chains stay among the whole numbers that f32 holds, whatever the signs and however many iterations', () => {
  expect(fma.MOST_START + fma.MOST_TERM * fma.SWEEPS * fma.MAX_ITERATIONS).toBeLessThan(2 ** 24);
  expect(apart.MOST_START + apart.MOST_TERM * apart.SWEEPS * apart.MAX_ITERATIONS).toBeLessThan(2 ** 24);
});

test.each([
  [0x01020304, 0x01010101, 10],
  [0xff010203, 0x7f000000, -127],
  [0x80808080, 0x80808080, 4 * 128 * 128],
  [0x80000000, 0x7f000000, -128 * 127],
])('dot4 of %d and %d is %d', (x, y, want) => {
  expect(dot4(x, y)).toBe(want);
});

test.each([
  ['fma-f32', 'starts', 3, floatBits(0.5), 'starts[3] must be a whole number from -1048576 to 1048576, not 0, as f32'],
  ['fma-f32', 'starts', 12, floatBits(2), 'starts[12] must be 1 or -1 as f32'],
  ['fma-f32', 'terms', 2, floatBits(1), 'terms[2] must be 0 as f32'],
  ['mul-add-f32', 'terms', 0, floatBits(Number.NaN), 'terms[0] must be a whole number'],
  ['fma-f16', 'starts', 0, 4096, 'starts[0] must be a whole number from -2048 to 2048, not 0, as i32'],
] as const)('%s: %s[%d] is held to what keeps the chain exact', (id, what, index, bits, message) => {
  const kernel = kernels.find((k) => k.id === id);
  const input = kernel?.input({ invocations: 1, iterations: 1 }, 1) as Record<'starts' | 'terms', Uint32Array>;
  input[what][index] = bits;
  expect(() => kernel?.shapeOf(input)).toThrow(message);
});

function floatBits(x: number): number {
  return new Uint32Array(Float32Array.of(x).buffer)[0] as number;
}
