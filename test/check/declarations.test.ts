import { describe, expect, test } from 'vitest';
import { differences, vanished } from '../../bench/check/declarations.js';
import { isIdentical } from '../../bench/check/identical.js';
import { parseWorkload } from '../../bench/suites/index.js';
import type { Kernel, Limits, Variant } from '../../kernels/declaration.js';
import { kernels } from '../../kernels/index.js';

const { kernel, shape } = parseWorkload('residual/f32/n258');
const details = (before: Partial<Kernel>) =>
  differences({ ...kernel, ...before }, kernel, shape).map((d) => `${d.what}: ${d.detail}`);
const oracleWith = (change: object): Partial<Kernel> => ({
  oracle: (s, input, seed) => ({ ...kernel.oracle(s, input, seed), ...change }),
});

describe('what another revision declares differently', () => {
  test('nothing', () => expect(details({})).toEqual([]));

  test.each([
    [
      'other axes',
      { axes: kernel.axes.map((axis) => ({ ...axis, token: 'len' })) },
      /^axes: axes were length \(len\); now length \(n\)/,
    ],
    [
      'a smaller range',
      { axes: kernel.axes.map((axis) => ({ ...axis, max: 100 })) },
      /^shape: .*length must be a whole number from 2 to 100/,
    ],
    [
      'other work',
      { work: () => ({ ...kernel.work(shape), operations: 1 }) },
      /^work: mandatory operations: 1 before, 3096 now/,
    ],
    [
      'another unit',
      { work: () => ({ ...kernel.work(shape), unit: 'flop' }) },
      /^work: what is counted: flop before, byte now/,
    ],
    [
      'a work that throws',
      {
        work: () => {
          throw new Error('no n');
        },
      },
      /cannot tell the work: no n/,
    ],
    [
      'a tighter bound then',
      oracleWith({ tolerance: { kind: 'exact' } }),
      /^tolerance: tolerance loosened: exact before, .* now \(residual\/f32\/n2\)/,
    ],
    [
      'a looser bound then',
      oracleWith({ tolerance: { kind: 'bound', bound: 1, reason: '' } }),
      /^tolerance: tolerance tightened: 1 before/,
    ],
    ['another oracle', oracleWith({ method: 'by eye' }), /^oracle: judged by "by eye" before/],
  ] as [string, Partial<Kernel>, RegExp][])('%s', (_, before, message) => {
    const found = details(before);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(message);
  });

  test('words may be put better', () => {
    expect(details({ title: 'x', source: 'y', axes: kernel.axes.map((axis) => ({ ...axis, meaning: 'z' })) })).toEqual(
      [],
    );
  });

  test('every kernel agrees with itself', () => {
    for (const one of kernels.filter(({ family }) => family !== 'ai'))
      expect(differences({ ...one }, one, one.pilot), one.id).toEqual([]);
  });
});

test('kernels and workloads that are no longer there', () => {
  const before = [
    { ...kernel, id: 'lost' },
    { ...kernel, workloads: [...kernel.workloads, { length: 4 }] },
  ];
  expect(vanished(before, kernels, null)).toEqual(['kernel lost/f32', 'workload residual/f32/n4']);
  expect(vanished(before, kernels, ['residual/f32'])).toEqual(['workload residual/f32/n4']);
});

describe('the very same program', () => {
  const limits = {
    maxComputeWorkgroupsPerDimension: 65535,
    maxComputeInvocationsPerWorkgroup: 256,
    maxComputeWorkgroupSizeX: 256,
    maxComputeWorkgroupStorageSize: 16384,
  } as Limits;
  const variant = kernel.variants[0] as Variant<unknown, unknown>;
  const input = () => kernel.input(shape, 1);
  const same = (before: Partial<Variant<unknown, unknown>>) =>
    isIdentical({ ...variant, ...before }, variant, { shape, limits, input });
  const replanned = (change: (plan: ReturnType<typeof variant.plan>) => object) => ({
    plan: (...args: Parameters<typeof variant.plan>) => ({
      ...variant.plan(...args),
      ...change(variant.plan(...args)),
    }),
  });

  test('is told whatever is said about it', () => expect(same({ story: 'another' })).toBe(true));

  test.each([
    [
      'another constant',
      replanned(({ dispatches }) => ({
        dispatches: dispatches.map((d) => ({ ...d, constants: { ...d.constants, GROUP: 64 } })),
      })),
    ],
    [
      'other workgroups',
      replanned(({ dispatches }) => ({ dispatches: dispatches.map((d) => ({ ...d, workgroups: [9, 1, 1] })) })),
    ],
    [
      'another buffer',
      replanned(({ buffers }) => ({ buffers: buffers.map((b) => ({ ...b, byteLength: b.byteLength + 4 })) })),
    ],
    ['twice', replanned(() => ({ repeat: 2 }))],
    [
      'other WGSL',
      replanned(({ dispatches }) => ({ dispatches: dispatches.map((d) => ({ ...d, wgsl: 'copy/vec4.wgsl' })) })),
    ],
    ['other data', { encode: () => ({ x: new Float32Array(258), y: new Float32Array(258) }) }],
    [
      'a plan that throws',
      {
        plan: () => {
          throw new Error('no');
        },
      },
    ],
  ] as [string, Partial<Variant<unknown, unknown>>][])('%s is another', (_, before) =>
    expect(same(before)).toBe(false),
  );
});
