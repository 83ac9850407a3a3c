import { describe, expect, test } from 'vitest';
import { parseWorkload } from '../../bench/suites/index.js';
import { kernels } from '../../kernels/index.js';
import { workloadId } from '../../kernels/shape.js';

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
});
