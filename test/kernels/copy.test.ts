import { expect, test } from 'vitest';
import { copy } from '../../kernels/copy/kernel.js';
import type { Dispatch, Limits } from '../../kernels/declaration.js';
import { InputError, ShapeError } from '../../kernels/errors.js';
import { checkShape } from '../../kernels/shape.js';

const limits = { maxComputeInvocationsPerWorkgroup: 256, maxComputeWorkgroupsPerDimension: 65535 } as Limits;
const vec4 = copy.variants[0] as (typeof copy.variants)[number];

test('the copy passes and every single wrong byte is refused and named', () => {
  const shape = { bytes: 32 };
  const input = copy.input(shape, 1);
  const oracle = copy.oracle(shape, input, 1);
  expect(oracle.check(copy.reference(shape, input))).toEqual({ correct: true, maxError: 0 });
  for (let i = 0; i < 32; i++) {
    const data = input.data.slice();
    data[i] = (data[i] as number) ^ 1;
    expect(oracle.check({ data })).toMatchObject({ correct: false, maxError: null });
    expect(oracle.check({ data }).detail).toContain(`byte ${i}: `);
  }
});

test('a stale, short or long output is refused', () => {
  const shape = { bytes: 64 };
  const oracle = copy.oracle(shape, copy.input(shape, 1), 1);
  expect(oracle.check(copy.input(shape, 2)).correct).toBe(false);
  expect(oracle.check({ data: new Uint8Array(48) }).detail).toBe('data must hold 64 bytes, got 48');
  expect(oracle.check({ data: new Uint8Array(80) }).correct).toBe(false);
});

test('a source that is a view into a larger buffer is judged by its own bytes', () => {
  const data = new Uint8Array(48).map((_, i) => i).subarray(16, 32);
  const oracle = copy.oracle({ bytes: 16 }, { data }, 1);
  expect(oracle.check({ data: data.slice() }).correct).toBe(true);
});

test.each([
  [{ data: new Uint8Array(15) }, 'data must hold a multiple of 16 bytes, from 16 to 4294967280, got 15'],
  [{ data: new Uint8Array(0) }, 'data must hold a multiple of 16 bytes'],
  [{ data: new Float32Array(4) }, 'data must be a Uint8Array, got Float32Array'],
  [{}, 'data must be a Uint8Array, got undefined'],
  [{ data: new Uint8Array(16), bytes: 16 }, 'unknown argument "bytes"'],
])('shapeOf refuses by the name of the argument: %#', (input, message) => {
  expect(() => copy.shapeOf(input)).toThrow(InputError);
  expect(() => copy.shapeOf(input)).toThrow(message);
});

test('bytes must be a multiple of 16', () => {
  expect(() => checkShape(copy as never, { bytes: 24 })).toThrow(ShapeError);
  expect(copy.shapeOf({ data: new Uint8Array(48) }).shape).toEqual({ bytes: 48 });
});

test('work counts bytes read and written', () => {
  expect(copy.work({ bytes: 1024 })).toEqual({ operations: 2048, unit: 'byte', bytes: 2048 });
});

test('the grid covers every vector and stays within one dimension', () => {
  for (const bytes of [16, 16 * 257, 2 ** 32 - 16])
    for (const each of [1, 8]) {
      const [dispatch] = vec4.plan({ bytes }, { group: 256, each }, limits).dispatches;
      const [x, y, z] = (dispatch as Dispatch).workgroups;
      expect(Math.max(x, y, z)).toBeLessThanOrEqual(65535);
      expect(x * y * z * 256 * each).toBeGreaterThanOrEqual(bytes / 16);
    }
});
