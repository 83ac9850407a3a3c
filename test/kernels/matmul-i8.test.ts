import { describe, expect, test } from 'vitest';
import type { Limits, Shape } from '../../kernels/declaration.js';
import { InputError } from '../../kernels/errors.js';
import { matmulI8 } from '../../kernels/matmul-i8/kernel.js';
import { FULL_MULTIPLICATIONS } from '../../kernels/matmul-i8/oracle.js';
import { parseShape, workloadId } from '../../kernels/shape.js';

const limits = {
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupStorageSize: 16384,
  maxComputeWorkgroupsPerDimension: 65535,
  subgroupMaxSize: 32,
  subgroupMatrixConfigs: [{ M: 16, N: 16, K: 32, componentType: 'i8', resultComponentType: 'i32' }],
} as unknown as Limits;
const defaults = (space: Readonly<Record<string, readonly number[]>> = {}) =>
  Object.fromEntries(Object.entries(space).map(([name, values]) => [name, values[0] as number]));
const shapeOf = (m: number, n: number, k: number, batch = 1, transposeB = 0): Shape => ({ m, n, k, batch, transposeB });

test('ids: the batch is written when there is more than one product, the flag when it is set', () => {
  expect(workloadId(matmulI8 as never, shapeOf(1, 2, 3))).toBe('matmul/i8/m1-n2-k3');
  expect(workloadId(matmulI8 as never, shapeOf(1, 2, 3, 4, 1))).toBe('matmul/i8/m1-n2-k3-b4-bt');
  expect(parseShape(matmulI8 as never, 'm1-n2-k3-bt')).toEqual(shapeOf(1, 2, 3, 1, 1));
});

describe('reference and oracle', () => {
  const shape = shapeOf(2, 2, 3, 2);
  const a = Int8Array.of(1, 2, 3, 4, 5, 6, -1, 0, 0, 0, -128, 127);
  const b = Int8Array.of(7, 8, 9, 10, 11, 12, 1, 2, 3, -128, 5, 6);
  const input = { m: 2, n: 2, k: 3, batch: 2, a, b };
  const right = Int32Array.of(58, 64, 139, 154, -1, -2, 251, 17146);

  test('two products worked by hand, and the same with b transposed', () => {
    expect(matmulI8.reference(shape, input).c).toEqual(right);
    const transposed = Int8Array.of(7, 9, 11, 8, 10, 12, 1, 3, 5, 2, -128, 6);
    const bt = { ...input, transposeB: true, b: transposed };
    expect(matmulI8.reference({ ...shape, transposeB: 1 }, bt).c).toEqual(right);
    expect(matmulI8.oracle(shape, input, 1).check({ c: right })).toEqual({ correct: true, maxError: 0 });
    expect(matmulI8.oracle({ ...shape, transposeB: 1 }, bt, 1).check({ c: right }).correct).toBe(true);
  });

  test('the published example', () => {
    for (const { input: published, oracle } of matmulI8.knownAnswers ?? []) {
      const { shape: derived, input: accepted } = matmulI8.shapeOf(published);
      const answer = matmulI8.reference(derived, accepted);
      expect(oracle.check(answer)).toMatchObject({ correct: true });
      expect(oracle.check({ c: answer.c.map((x, i) => (i === 7 ? x + 1 : x)) })).toMatchObject({ correct: false });
    }
    expect(matmulI8.knownAnswers).toHaveLength(1);
  });

  test.each(Array.from(right.keys()))('off by one in element %i is refused and named', (at) => {
    const verdict = matmulI8.oracle(shape, input, 1).check({ c: right.map((x, i) => (i === at ? x + 1 : x)) });
    const place = `c[${at >> 2}, ${(at >> 1) & 1}, ${at & 1}]`;
    const detail = `${place}: expected ${right[at]}, got ${(right[at] as number) + 1}`;
    expect(verdict).toEqual({ correct: false, maxError: null, detail });
  });

  test('an output of the wrong length or type is refused', () => {
    const { check } = matmulI8.oracle(shape, input, 1);
    expect(check({ c: new Int32Array(7) })).toMatchObject({ detail: 'c must hold 8 integers, got 7' });
    expect(check({ c: new Float32Array(8) as never }).correct).toBe(false);
  });
});

describe('beyond the size that is checked in full', () => {
  for (const transposeB of [0, 1])
    test(`one wrong element in any row, sampled or not, is caught; b ${transposeB ? '' : 'not '}transposed`, () => {
      const shape = shapeOf(48, 160, 16384, 2, transposeB);
      const input = matmulI8.input(shape, 2);
      const oracle = matmulI8.oracle(shape, input, 2);
      expect(48 * 160 * 16384 * 2).toBeGreaterThan(FULL_MULTIPLICATIONS);
      expect(oracle.method).toMatch(/^16 of 96 rows exactly .* Freivalds' check modulo 2³²$/);
      const { c } = matmulI8.reference(shape, input);
      expect(oracle.check({ c })).toEqual({ correct: true, maxError: 0 });
      for (let row = 0; row < 96; row++)
        for (const change of [1, -65536]) {
          const at = row * 160 + ((row * 37) % 160);
          const before = c[at] as number;
          c[at] = before + change;
          expect(oracle.check({ c }), `row ${row}, off by ${change}`).toMatchObject({ correct: false });
          c[at] = before ^ 0x80000000;
          expect(oracle.check({ c }), `row ${row}, sign`).toMatchObject({ correct: false });
          c[at] = before;
        }
    });
});

test('odd seeds draw extremes, whose pairs of products leave 16 bits; even seeds draw all of int8', () => {
  const shape = shapeOf(64, 64, 64);
  expect(new Set(matmulI8.input(shape, 3).a)).toEqual(new Set([-128, 127, -127]));
  expect(new Set(matmulI8.input(shape, 3).b)).toEqual(new Set([-128, 127, -127]));
  expect(new Set(matmulI8.input(shape, 2).a).size).toBe(256);
  expect(new Set(matmulI8.input(shape, 2).b).size).toBe(256);
});

describe('shapeOf', () => {
  const good = { m: 5, n: 3, k: 7, a: new Int8Array(35), b: new Int8Array(21) };

  test('derives the shape, with one batch and b as it is where nothing is said', () => {
    expect(matmulI8.shapeOf(good)).toEqual({
      shape: shapeOf(5, 3, 7),
      input: { ...good, batch: 1, transposeB: false },
    });
    const two = { ...good, batch: 2, transposeB: true, a: new Int8Array(70), b: new Int8Array(42) };
    expect(matmulI8.shapeOf(two)).toEqual({ shape: shapeOf(5, 3, 7, 2, 1), input: two });
  });

  test.each([
    [{ ...good, a: new Int8Array(34) }, 'a must hold batch·m·k = 35 elements, got 34'],
    [{ ...good, b: new Uint8Array(21) }, 'b must be an Int8Array of batch·k·n = 21 elements, got Uint8Array'],
    [{ ...good, m: 0 }, 'm must be a whole number from 1 to 65536, got 0'],
    [{ ...good, batch: 0 }, 'batch must be a whole number from 1 to 65535, got 0'],
    [{ ...good, transposeB: 1 }, 'transposeB must be true or false, got 1'],
    [{ ...good, zeroPoint: 1 }, 'unknown argument "zeroPoint"'],
  ])('refuses by the name of the argument: %#', (input, message) => {
    expect(() => matmulI8.shapeOf(input)).toThrow(InputError);
    expect(() => matmulI8.shapeOf(input)).toThrow(message);
  });
});

describe('variants', () => {
  test.each(matmulI8.variants.map((v) => [v.id, v] as const))('%s encodes what it plans', (_id, v) => {
    for (const shape of [...matmulI8.probes, matmulI8.pilot]) {
      const plan = v.plan(shape, defaults(v.tuning), limits);
      const contents = v.encode(shape, defaults(v.tuning), matmulI8.input(shape, 1));
      for (const { name, role, byteLength } of plan.buffers)
        if (role === 'input') expect(contents[name]?.byteLength, `${name} of ${v.id}`).toBe(byteLength);
    }
  });

  test('every default tuning fits the limits that every WebGPU adapter has, at the largest sizes too', () => {
    for (const v of matmulI8.variants)
      for (const bt of [0, 1])
        for (const shape of [shapeOf(65536, 65536, 4, 1, bt), shapeOf(1, 1, 4, 65535, bt)])
          for (const dispatch of v.plan(shape, defaults(v.tuning), limits).dispatches)
            for (const count of dispatch.workgroups) expect(count).toBeLessThanOrEqual(65535);
  });
});

test('work counts a multiplication and an addition per term, bytes of int8 and of int32 results', () => {
  const work = { operations: 420, unit: 'iop', bytes: 2 * (21 + 35 + 4 * 15) };
  expect(matmulI8.work(shapeOf(3, 5, 7, 2))).toEqual(work);
});
