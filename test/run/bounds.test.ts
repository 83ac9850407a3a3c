import { describe, expect, test } from 'vitest';
import { standing } from '../../bench/run/bounds.js';
import type { Bound, Kernel } from '../../kernels/declaration.js';

const workload = (bounds: readonly Bound[], operations = 10, bytes = 100) => ({
  id: 'w/n10',
  kernel: { work: () => ({ operations, unit: 'hash', bytes }), bounds: () => bounds } as unknown as Kernel,
  shape: {},
});
const rates =
  (of: Record<string, number>) =>
  (kernel: string): { of: string; value: number } | null =>
    of[kernel] === undefined ? null : { of: `${kernel}/n1`, value: of[kernel] };

const integer: Bound = { id: 'integer', kind: 'integer', ways: [{ add: 300, rotate: 100 }] };
const pages: Bound = { id: 'pages', kind: 'memory', ways: [{ pages: 800 }] };

describe('what measured ceilings allow', () => {
  test('times of one unit add up: 300/30 + 100/20 = 15 s for 10 hashes', () => {
    const { ceiling } = standing(workload([integer]), rates({ add: 30, rotate: 20 }), 0.5);
    expect(ceiling).toEqual({ of: 'integer bound', value: 10 / 15, fraction: 0.75 });
  });
  test('the tightest of several bounds is the ceiling, and a single kernel gives it its name', () => {
    // Pages: 800/40 = 20 s, longer than 15.
    const { ceiling } = standing(workload([integer, pages]), rates({ add: 30, rotate: 20, pages: 40 }), 0.25);
    expect(ceiling).toEqual({ of: 'pages/n1', value: 0.5, fraction: 0.5 });
  });
  test('of several ways to do the same work the fastest counts, and ways that were not measured do not', () => {
    const two: Bound = { ...integer, ways: [{ add3: 160 }, { add: 300 }] };
    expect(standing(workload([two]), rates({ add3: 40, add: 100 }), 1).ceiling?.value).toBeCloseTo(10 / 3);
    expect(standing(workload([two]), rates({ add3: 40 }), 1).ceiling?.value).toBeCloseTo(10 / 4);
  });
  test('a mixture bounds only what did more than the parts allow, and only where it is faster than they are', () => {
    const mixed: Bound = { ...integer, mixture: { mix: 400 } };
    const measured = { add: 30, rotate: 20, mix: 40 };
    expect(standing(workload([mixed]), rates(measured), 10 / 15).ceiling?.value).toBeCloseTo(10 / 15);
    const beyond = standing(workload([mixed]), rates(measured), 0.8);
    expect(beyond.ceiling).toEqual({ of: 'mix/n1', value: 1, fraction: 0.8 });
    expect(beyond.roofline?.compute).toEqual({ of: ['mix/n1'], value: 40 });
    expect(standing(workload([mixed]), rates({ ...measured, mix: 20 }), 0.8).ceiling?.fraction).toBeCloseTo(1.2);
    expect(standing(workload([mixed]), rates({ add: 30, rotate: 20 }), 0.8).ceiling?.fraction).toBeCloseTo(1.2);
    expect(standing(workload([mixed]), rates({ mix: 40 }), 0.8).ceiling).toBeNull();
  });
  test('a bound of which a part was not measured bounds nothing', () => {
    expect(standing(workload([integer]), rates({ add: 30 }), 1).ceiling).toBeNull();
  });
  test('the roofline: operations per byte, rate and both roofs in operations and bytes per second', () => {
    const { roofline } = standing(workload([integer, pages]), rates({ add: 30, rotate: 20, pages: 40 }), 0.25);
    expect(roofline).toEqual({
      kind: 'integer',
      operations: 400,
      bytes: 800,
      operationsPerByte: 0.5,
      rate: 10,
      compute: { of: ['add/n1', 'rotate/n1'], value: 400 / 15 },
      memory: { of: ['pages/n1'], value: 40 },
    });
  });
  test('no bytes to move: no intensity, no memory roof', () => {
    const { roofline } = standing(workload([integer], 10, 0), rates({ add: 30, rotate: 20 }), 0.25);
    expect(roofline).toMatchObject({ operationsPerByte: null, memory: null });
  });
  test('a kernel without arithmetic bounds has no place in a roofline', () => {
    expect(standing(workload([pages]), rates({ pages: 40 }), 0.25).roofline).toBeNull();
  });
});
