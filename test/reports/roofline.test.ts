import { describe, expect, test } from 'vitest';
import { rooflineOf } from '../../reports/roofline.js';
import { ceilingOf, placed, rooflineResult } from './roofline-sample.js';
import { sampleResult } from './sample.js';

const fma = { of: ['fma-f32/n1'], value: 100 };
const copy = { of: ['copy/n1'], value: 10 };
const point = (more: Partial<Parameters<typeof placed>[0]> = {}) =>
  placed({ workload: 'matmul/f32/m1-n1-k1', kind: 'float', perByte: 4, rate: 30, compute: fma, memory: copy, ...more });
const floatOf = (...measurements: ReturnType<typeof placed>[]) => rooflineOf({ measurements }, 'float');

describe('where a workload stands', () => {
  test.each([
    ['left of the ridge memory limits: 4 · 10 = 40 < 100', 4, { by: 'memory', value: 40, fraction: 0.75 }],
    ['right of it arithmetic: 20 · 10 = 200 > 100', 20, { by: 'compute', value: 100, fraction: 0.3 }],
    ['without traffic arithmetic', null, { by: 'compute', value: 100, fraction: 0.3 }],
  ])('%s', (_, perByte, limit) => {
    expect(floatOf(point({ perByte }))?.points[0]?.limit).toEqual(limit);
  });

  test('with one roof measured that one limits, with none nothing does', () => {
    expect(floatOf(point({ compute: null }))?.points[0]?.limit).toMatchObject({ by: 'memory' });
    expect(floatOf(point({ memory: null }))?.points[0]?.limit).toMatchObject({ by: 'compute' });
    expect(floatOf(point({ memory: null, compute: null }))?.points[0]?.limit).toBeNull();
    expect(floatOf(point({ compute: { of: ['x'], value: 0 }, memory: null }))?.points[0]).toMatchObject({
      compute: null,
      limit: null,
    });
  });

  test('of ours the fastest stands for a workload, every baseline for itself, and none that computes on the CPU', () => {
    const all = ['assay/slow', 'assay/fast', 'onnxruntime/webgpu', 'other/webgpu', 'onnxruntime/cpu'];
    const points = floatOf(...all.map((implementation, i) => point({ implementation, rate: 10 + i })))?.points;
    expect(points?.map((p) => p.implementation)).toEqual(['assay/fast', 'onnxruntime/webgpu', 'other/webgpu']);
  });

  test('nothing of a kind, no roofline of it', () => {
    expect(rooflineOf({ measurements: [point()] }, 'integer')).toBeNull();
    expect(rooflineOf(sampleResult(), 'float')).toBeNull();
    expect(floatOf(point({ implementation: 'onnxruntime/cpu' }))).toBeNull();
  });
});

describe('the roofs', () => {
  test('one ceiling keeps its name; several are the mixture of the workload', () => {
    const roofline = rooflineOf(rooflineResult(), 'integer');
    expect(roofline?.computeRoofs.filter((r) => r.bounds).map((r) => r.label)).toEqual([
      'sha256d-scan mix',
      'sha256 mix',
      'ethash mix',
    ]);
    expect(roofline?.memoryRoofs.map((r) => r.label)).toEqual(['copy', 'page-read']);
    expect(floatOf(point())?.computeRoofs).toEqual([{ label: 'fma-f32', value: 100, reliable: false, bounds: true }]);
  });

  test('ceilings of the same unit stand beside them, those of another do not', () => {
    const roofline = rooflineOf(rooflineResult(), 'float');
    expect(roofline?.computeRoofs.map(({ label, bounds }) => [label, bounds])).toEqual([
      ['fma-f16', true],
      ['fma-f32', true],
      ['mul-add-f32', false],
    ]);
  });

  test('of one name the highest counts', () => {
    const low = point({ workload: 'matmul/f32/m2-n2-k2', compute: { of: ['fma-f32/n2'], value: 90 } });
    expect(floatOf(low, point())?.computeRoofs.map((r) => r.value)).toEqual([100]);
  });

  test('a roof is as reliable as the least of its ceilings, and unknown ones are not', () => {
    const roofs = (...statuses: ('valid' | 'unreliable')[]) =>
      floatOf(
        ...statuses.map((status, i) => ceilingOf(`c${i}/n1`, 'iop/s', 1, status)),
        point({ compute: { of: ['c0/n1', 'c1/n1'], value: 100 } }),
      )?.computeRoofs[0]?.reliable;
    expect(roofs('valid', 'valid')).toBe(true);
    expect(roofs('valid', 'unreliable')).toBe(false);
    expect(roofs('valid')).toBe(false);
  });
});
