import { expect, test } from 'vitest';
import type { Dispatch, Limits } from '../../kernels/declaration.js';
import { InputError } from '../../kernels/errors.js';
import { fmaF32 } from '../../kernels/fma-f32/kernel.js';
import { CHAINS, MAX_DRIFT, MAX_ITERATIONS, MAX_START, STEPS } from '../../kernels/fma-f32/reference.js';

const limits = { maxComputeInvocationsPerWorkgroup: 256, maxComputeWorkgroupsPerDimension: 65535 } as Limits;
const vec4 = fmaF32.variants[0] as (typeof fmaF32.variants)[number];
const one = { iterations: 1, start: Float32Array.of(0, 1, 2, 3), even: 10, odd: 13 };
const shape = { invocations: 1, iterations: 1 };

test('sixteen steps worked by hand: eight times + 3', () => {
  const { end } = fmaF32.reference(shape, one);
  expect(Array.from(end)).toEqual([24, 25, 26, 27]);
  expect(fmaF32.oracle(shape, one, 1).check({ end })).toEqual({ correct: true, maxError: 0 });
});

test('the closed form agrees with the replay step by step', () => {
  for (const probe of fmaF32.probes)
    for (const seed of [1, 2]) {
      const input = fmaF32.input(probe, seed);
      expect(fmaF32.oracle(probe, input, seed).check(fmaF32.reference(probe, input)).correct).toBe(true);
    }
});

test('at the most iterations and the largest terms every step is still exact in f32', () => {
  for (const sign of [1, -1]) {
    let x = sign * MAX_START;
    const [even, odd] = [-sign * MAX_START, -sign * MAX_START + sign * MAX_DRIFT];
    for (let step = 0; step < MAX_ITERATIONS * STEPS; step++) {
      const next = -x + (step % 2 === 0 ? even : odd);
      if (Math.fround(next) !== next || Math.abs(next) >= 2 ** 24)
        throw new Error(`step ${step} is not exact: ${next}`);
      x = next;
    }
    expect(x).toBe(sign * (MAX_START + (MAX_ITERATIONS * STEPS * MAX_DRIFT) / 2));
  }
});

test.each([
  ['the start, as from a kernel that does nothing', one.start],
  ['one step pair too few', one.start.map((x) => x + 21)],
  ['NaN', one.start.map(() => NaN)],
  ['zeros', new Float32Array(4)],
])('%s is refused', (_what, end) => {
  expect(fmaF32.oracle(shape, one, 1).check({ end }).correct).toBe(false);
});

test('one wrong chain is refused and named', () => {
  const end = fmaF32.reference(shape, one).end;
  end[3] = (end[3] as number) + 1;
  expect(fmaF32.oracle(shape, one, 1).check({ end })).toEqual({
    correct: false,
    maxError: 1,
    detail: 'invocation 0, chain 3: expected 27, got 28',
  });
});

test('the output of another seed and of another length are refused', () => {
  const probe = { invocations: 5, iterations: 2 };
  const oracle = fmaF32.oracle(probe, fmaF32.input(probe, 1), 1);
  expect(oracle.check(fmaF32.reference(probe, fmaF32.input(probe, 2))).correct).toBe(false);
  expect(oracle.check({ end: new Float32Array(8) }).detail).toBe('end must hold 20 floats, got 8');
});

test.each([
  [{ ...one, iterations: 0 }, 'iterations must be a whole number from 1 to 65536, got 0'],
  [{ ...one, iterations: 1.5 }, 'iterations must be a whole number from 1 to 65536, got 1.5'],
  [{ ...one, start: new Float32Array(9) }, 'start must hold 4 elements for each of 1 to 16777216 invocations, got 9'],
  [{ ...one, start: new Float32Array(0) }, 'start must hold 4 elements'],
  [{ ...one, start: [1] }, 'start must be a Float32Array, got Array'],
  [{ ...one, start: one.start.map((x) => x + 0.5) }, 'start[0] must be a whole number'],
  [{ ...one, start: new Float32Array(4).fill(NaN, 3) }, 'start[3] must be a whole number'],
  [{ ...one, even: 2 ** 21 }, 'even must be a whole number from -1048576 to 1048576, got 2097152'],
  [{ ...one, odd: 27 }, 'odd must be a whole number from -6 to 26, got 27'],
  [{ ...one, odd: 10 }, 'odd must differ from even'],
  [{ ...one, factor: 2 }, 'unknown argument "factor"'],
])('shapeOf refuses by the name of the argument: %#', (input, message) => {
  expect(() => fmaF32.shapeOf(input)).toThrow(InputError);
  expect(() => fmaF32.shapeOf(input)).toThrow(message);
});

test('shapeOf derives the shape, and accepts what input makes', () => {
  const probe = { invocations: 257, iterations: 3 };
  expect(fmaF32.shapeOf(fmaF32.input(probe, 7)).shape).toEqual(probe);
});

test('work counts two operations per fma', () => {
  expect(fmaF32.work({ invocations: 3, iterations: 2 }).operations).toBe(2 * CHAINS * STEPS * 3 * 2);
});

test('the grid covers every invocation and stays within one dimension', () => {
  const [dispatch] = vec4.plan({ invocations: 2 ** 24, iterations: 1 }, { group: 64 }, limits).dispatches;
  const [x, y, z] = (dispatch as Dispatch).workgroups;
  expect(Math.max(x, y, z)).toBeLessThanOrEqual(65535);
  expect(x * y * z * 64).toBeGreaterThanOrEqual(2 ** 24);
});
