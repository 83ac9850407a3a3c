import { describe, expect, test } from 'vitest';
import { kernels } from '../../kernels/index.js';
import { parseWorkloadId, workloadName } from '../../reports/names.js';
import {
  formatBytes,
  formatComparison,
  formatDuration,
  formatInterval,
  formatNs,
  formatPercent,
  formatRate,
  formatRatio,
  formatSi,
  spokenRate,
} from '../../reports/units.js';

/** Ordinary spaces in place of those that keep a number and its unit together. */
const plain = (text: string) => text.replaceAll('\u00a0', ' ');

describe('formatRate', () => {
  test.each([
    [4.61e6, 'hash/s', '4.61 MH/s'],
    [5.9e9, 'flop/s', '5.90 GFLOP/s'],
    [3.52e9, 'byte/s', '3.52 GB/s'],
    [35.6e12, 'flop/s', '35.6 TFLOP/s'],
    [17.4e12, 'iop/s', '17.4 TIOP/s'],
    [999.4, 'hash/s', '999 H/s'],
    [999.7, 'hash/s', '1.00 kH/s'],
    [999_700, 'hash/s', '1.00 MH/s'],
    [0.0123, 'hash/s', '0.0123 H/s'],
    [0, 'hash/s', '0 H/s'],
    [2e18, 'flop/s', '2000 PFLOP/s'],
    [7263.6, 'token/s', '7.26 ktok/s'],
    [120, 'step/s', '120 step/s'],
  ])('%d %s is %s', (value, unit, expected) => {
    expect(plain(formatRate({ value, unit }))).toBe(expected);
  });

  test('keeps a number and its unit on one line', () => {
    expect(formatSi(1500, 'B')).toBe('1.50\u00a0kB');
  });
});

test('formatInterval is half the interval in percent', () => {
  expect(plain(formatInterval({ value: 100, low: 99, high: 101 }))).toBe('± 1.0 %');
  expect(plain(formatInterval({ value: 100, low: 60, high: 120 }))).toBe('± 30 %');
  expect(plain(formatInterval({ value: 0, low: 0, high: 0 }))).toBe('± 0 %');
  expect(plain(formatInterval({ value: 100, low: 10, high: 500 }))).toBe('± over 100 %');
  // A single round: unknown, and not narrow.
  expect(plain(formatInterval({ value: 100, low: 100, high: 100 }))).toBe('± ?');
});

test.each([
  [0.0213, '2.1 %'],
  [0.0994, '9.9 %'],
  [0.0996, '10 %'],
  [1.052, '105 %'],
  [-0.012, '-1.2 %'],
])('formatPercent(%d) is %s', (fraction, expected) => {
  expect(plain(formatPercent(fraction))).toBe(expected);
});

test.each([
  [1.7449, '1.74×'],
  [0.0128, '0.0128×'],
  [183.4, '183×'],
  [12345, '12.3\u00a0k×'],
])('formatRatio(%d) is %s', (ratio, expected) => {
  expect(formatRatio(ratio)).toBe(expected);
});

test.each([
  ['faster', 1.744, '1.74× faster'],
  ['slower', 0.05, '20.0× slower'],
  ['same', 1.0012, 'same (1.00×)'],
  ['ambiguous', 1.018, '1.02×, ambiguous'],
] as const)('formatComparison: %s', (verdict, ratio, expected) => {
  expect(formatComparison({ verdict, ratio })).toBe(expected);
});

test('formatComparison gives both ends where they are a factor of two apart', () => {
  const wide = { ratio: 16.3, low: 1.13, high: 235 };
  expect(formatComparison({ ...wide, verdict: 'faster' })).toBe('1.13× to 235× faster');
  expect(formatComparison({ ratio: 1 / 4, low: 1 / 8, high: 1 / 2, verdict: 'slower' })).toBe('2.00× to 8.00× slower');
  expect(formatComparison({ ratio: 4, low: 3, high: 5, verdict: 'faster' })).toBe('4.00× faster');
});

test.each([
  [0, '0 ns'],
  [820, '820 ns'],
  [65_536, '65.5 µs'],
  [999_999, '1.00 ms'],
  [2.31e6, '2.31 ms'],
  [1.5e9, '1.50 s'],
  [185e9, '3 min 05 s'],
])('formatNs(%d) is %s', (ns, expected) => {
  expect(plain(formatNs(ns))).toBe(expected);
});

test.each([
  [400, '0 s'],
  [42_000, '42 s'],
  [185_000, '3 min 05 s'],
  [3_599_600, '1 h 00 min'],
  [4_320_000, '1 h 12 min'],
])('formatDuration(%d) is %s', (ms, expected) => {
  expect(plain(formatDuration(ms))).toBe(expected);
});

test.each([
  [512, '512 B'],
  [134_217_728, '128 MiB'],
  [24 * 2 ** 30, '24 GiB'],
  [2 ** 31 - 4, '2 GiB'],
])('formatBytes(%d) is %s', (bytes, expected) => {
  expect(plain(formatBytes(bytes))).toBe(expected);
});

test.each([
  [4.61e6, 'hash/s', '4.61 million hashes per second'],
  [5.9e9, 'flop/s', '5.90 billion operations per second'],
  [35e12, 'flop/s', '35.0 trillion operations per second'],
  [12, 'token/s', '12.0 tokens per second'],
  [12, 'step/s', '12.0 step/s'],
  [17.4e12, 'iop/s', '17.4 trillion integer operations per second'],
])('spokenRate(%d %s)', (value, unit, expected) => {
  expect(spokenRate({ value, unit })).toBe(expected);
});

describe('workload names', () => {
  test('say what is computed', () => {
    expect(workloadName('matmul/f32/m512-n512-k512')).toBe('f32 matrix multiplication');
    expect(workloadName('sha256d-scan/n262144')).toBe('SHA-256d nonce scan');
    for (const { id } of kernels.filter((k) => k.id.includes('-'))) expect(workloadName(id), id).not.toBe(id);
  });

  test('keep the words of an id that is not known', () => {
    expect(workloadName('frobnicate/q4/n7')).toBe('q4 frobnicate');
    expect(parseWorkloadId('odd')).toEqual({ kernel: 'odd', type: null, shape: '' });
  });
});
