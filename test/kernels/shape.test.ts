import { describe, expect, test } from 'vitest';
import { parseWorkload } from '../../bench/suites/index.js';
import { findKernel, kernels } from '../../kernels/index.js';
import { matmul } from '../../kernels/matmul/kernel.js';
import { parseShape, workloadId } from '../../kernels/shape.js';

describe('workload ids', () => {
  test('every declared workload, probe and pilot survives being written and read', () => {
    for (const kernel of kernels)
      for (const shape of [...kernel.workloads, ...kernel.probes, kernel.pilot]) {
        const id = workloadId(kernel, shape);
        expect(parseWorkload(id)).toMatchObject({ id, shape });
      }
  });

  test.each([
    ['matmul/f32/m0-n1-k1', /m must be a whole number from 1 to 65536, got 0/],
    ['matmul/f32/m-3-n1-k1', /malformed|unknown/],
    ['matmul/f32/m1.5-n1-k1', /m must be a whole number.*got 1.5/],
    ['matmul/f32/m1e99-n1-k1', /m must be a whole number/],
    ['matmul/f32/m99999999999-n1-k1', /got 99999999999/],
    ['matmul/f32/m1-n1', /k must be a whole number.*got nothing/],
    ['matmul/f32/m1-n1-k1-q3', /"q3" is unknown; expected m<m>-n<n>-k<k>/],
    ['matmul/f32/m1-n1-k1-k2', /k is given twice/],
    ['matmul/f32/m1-n1-kx', /k/],
    ['matmul/f16x/m1-n1-k1', /unknown workload/],
    ['matmul/m1-n1-k1', /unknown workload/],
    ['matmull/f32/m1-n1-k1', /unknown kernel "matmull"; did you mean "matmul"\?/],
    ['attention/f32/b1-h3-kv2-q4-k4-d8', /heads/],
    ['sha256d-scan/n4294967297', /nonces must be a whole number/],
    ['', /unknown kernel/],
  ])('%s is refused', (id, message) => {
    expect(() => parseWorkload(id)).toThrow(message);
  });

  test('a size that is the default is understood and not written', () => {
    const shape = { m: 2, n: 3, k: 4, batch: 1, transposeB: 0 };
    expect(parseShape(matmul, 'm2-n3-k4')).toEqual(shape);
    expect(workloadId(matmul, parseShape(matmul, 'm2-n3-k4-b1'))).toBe('matmul/f32/m2-n3-k4');
    expect(workloadId(matmul, parseShape(matmul, 'm2-n3-k4-b5-bt'))).toBe('matmul/f32/m2-n3-k4-b5-bt');
    expect(() => parseShape(matmul, 'm2-n3-k4-b1-b1')).toThrow('batch is given twice');
    expect(() => parseShape(matmul, 'm2-n3-k4-b9999')).toThrow(/batch must be a whole number from 1 to 4096/);
    expect(() => parseShape(matmul, 'm2-n3-q4')).toThrow('expected m<m>-n<n>-k<k>-[b<batch>]-[bt]');
  });

  test('a kernel is found by its id or with its type', () => {
    expect(findKernel('matmul')).toBe(matmul);
    expect(findKernel('matmul/f32')).toBe(matmul);
    expect(() => findKernel('matmul/f8')).toThrow('unknown kernel "matmul/f8"');
  });
});
