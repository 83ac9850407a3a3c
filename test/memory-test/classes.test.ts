import { describe, expect, test } from 'vitest';
import { FAULT_NAMES, faultNamed } from '../../harness/faults/names.js';
import { binomialTail, classOf, findingOf } from '../../harness/memory-test/classify.js';
import type { Op } from '../../harness/memory-test/memory.js';
import { originsOf } from '../../harness/memory-test/origin.js';
import { ChunkRates } from '../../harness/memory-test/rates.js';
import { keyOf, type Pattern, wordOf } from '../../kernels/memory-test/reference.js';
import { randomWords } from '../../kernels/random.js';
import { poissonUpperLimit } from '../../reports/statistics/index.js';

const pattern =
  (pass: number) =>
  (chunk: number): Pattern => ({
    ...{ kind: 'hash', key: keyOf(1, pass, chunk), inverted: false, extra: 0, moved: 0 },
  });
/** A card of 24 GiB in chunks of 1 GiB: the most candidates for a chance. */
const chunks = Array.from({ length: 24 }, () => ({ words: 2 ** 28 }));
const error = (chunk: number, word: number, got: number) => ({
  ...{ chunk, word, expected: wordOf(pattern(1)(chunk), word), got },
});

describe('where a value belongs', () => {
  const belongs = (chunk: number, word: number, pass = 1) => wordOf(pattern(pass)(chunk), word);
  const one = (chunk: number, word: number, got: number) =>
    originsOf([error(chunk, word, got)], chunks, [pattern(1), pattern(2)])[0];

  test('a line away, a chunk away, another time', () => {
    expect(one(3, 1000, belongs(3, 1000 ^ 4096))).toEqual({ chunks: 0, xor: 4096, otherTime: false });
    expect(one(20, 77, belongs(4, 77))).toEqual({ chunks: -16, xor: 0, otherTime: false });
    expect(one(5, 9, belongs(5, 9, 2))).toEqual({ chunks: 0, xor: 0, otherTime: true });
    expect(one(5, 9, belongs(5, 9 ^ 32, 2))).toEqual({ chunks: 0, xor: 32, otherTime: false });
  });

  test('what no line explains is believed when three words say the same', () => {
    const displaced = (count: number) =>
      originsOf(
        Array.from({ length: count }, (_, i) => error(2, 64 * i, belongs(7, (64 * i) ^ 0x50010))),
        chunks,
        [pattern(1)],
      );
    expect(displaced(2)).toEqual([null, null]);
    expect(displaced(3)).toEqual(Array(3).fill({ chunks: 5, xor: 0x50010, otherTime: false }));
  });

  test('of ten thousand values by chance or by a flipped bit none belongs elsewhere', () => {
    const next = randomWords(9);
    let named = 0;
    for (let sweep = 0; sweep < 25; sweep++) {
      const errors = Array.from({ length: 400 }, (_, i) => {
        const word = next() >>> 4;
        const got = i % 2 ? next() : (belongs(i % 24, word) ^ (1 << (i % 32))) >>> 0;
        return error(i % 24, word, got);
      });
      named += originsOf(errors, chunks, [pattern(1), pattern(2), pattern(3)]).filter(Boolean).length;
    }
    expect(named).toBe(0);
  });
});

describe('classes', () => {
  const base = {
    ...({ pass: 'address', loop: 0, chunk: 0, word: 0, expected: 8, first: 9, held: false, origin: null } as const),
  };
  test.each([
    ['transfer', { second: 8, afterRewrite: 8 }],
    ['stored', { second: 9, afterRewrite: 8 }],
    ['stored', { second: 13, afterRewrite: 8 }],
    ['stuck', { second: 9, afterRewrite: 9 }],
    ['retention', { second: 9, afterRewrite: 8, held: true }],
    ['stuck', { second: 9, afterRewrite: 9, held: true }],
    ['transfer', { second: 8, afterRewrite: 8, held: true }],
    ['address', { second: 9, afterRewrite: 8, origin: { chunks: 0, xor: 4, otherTime: false } }],
  ] as const)('%s: %j', (name, rest) => {
    expect(classOf({ ...base, ...rest })).toBe(name);
  });

  const counts = (some: Record<string, number>) => ({
    ...{ transfer: 0, stored: 0, stuck: 0, address: 0, retention: 0 },
    ...some,
  });
  test('flips at any time are no loss of charge, though some happen in pauses', () => {
    expect(findingOf(counts({ stored: 6, retention: 7 }), 0.4)).toBe('stored');
    expect(findingOf(counts({ stored: 1, retention: 40 }), 0.2)).toBe('retention');
    expect(findingOf(counts({ retention: 3 }), 0.2)).toBe('retention');
    expect(findingOf(counts({}), 0.2)).toBeNull();
    expect(findingOf(counts({ stuck: 3, transfer: 3 }), 0.2)).toBe('stuck');
  });

  test('the binomial tail agrees with exact values', () => {
    expect(binomialTail(10, 0.5, 8)).toBeCloseTo(56 / 1024, 12);
    expect(binomialTail(5, 0.2, 5)).toBeCloseTo(0.00032, 12);
    expect(binomialTail(16_384, 0.2, 3277)).toBeCloseTo(0.5, 1);
    expect([binomialTail(3, 0.2, 0), binomialTail(3, 0, 1), binomialTail(3, 1, 3)]).toEqual([1, 0, 1]);
  });
});

describe('the bound on the rate of errors', () => {
  // Published: E. Pearson and H. Hartley, "Biometrika Tables for Statisticians" I, table 40, upper 95 % one-sided.
  test.each([
    [0, 2.996],
    [1, 4.744],
    [2, 6.296],
    [3, 7.754],
    [5, 10.51],
    [10, 16.96],
    [20, 29.06],
  ])('%i events: %f', (events, limit) => {
    expect(Math.abs(poissonUpperLimit(events, 0.95) - limit)).toBeLessThan(0.006);
  });

  test('many events, where the quantile is approximated', () => {
    // jstat's own quantile of chi-square, which takes half a minute for the last.
    expect(poissonUpperLimit(1001, 0.95) / 1054.629113192512).toBeCloseTo(1, 6);
    expect(poissonUpperLimit(1e4, 0.95) / 10166.06013611754).toBeCloseTo(1, 7);
    expect(poissonUpperLimit(1e6, 0.95) / 1001646.422768329).toBeCloseTo(1, 8);
    expect(poissonUpperLimit(1e9, 0.95) / 1000052016.4522493).toBeCloseTo(1, 8);
    expect(poissonUpperLimit(1001, 0.95) - poissonUpperLimit(1000, 0.95)).toBeCloseTo(1, 0);
  });

  test('refuses what is no count', () => {
    expect(() => poissonUpperLimit(-1, 0.95)).toThrow('count must be a whole number, got -1');
    expect(() => poissonUpperLimit(0, 1)).toThrow('confidence must lie strictly between 0 and 1, got 1');
  });
});

describe('slow chunks', () => {
  const MIB = 2 ** 20;
  const op = (operation: Op['operation'], chunk: number, bytes: number): Op => ({
    ...{ operation, chunk, start: 0, count: bytes / 16 },
    before: { kind: 'hash', key: 0, inverted: false, extra: 0, moved: 0 },
  });
  /** @param slowness of each chunk, for every sweep */
  function judged(bytes: readonly number[], sweeps: number, slowness: (chunk: number, sweep: number) => number) {
    const rates = new ChunkRates(bytes);
    for (let sweep = 0; sweep < sweeps; sweep++)
      for (const operation of ['fill', 'verify'] as const)
        for (const [chunk, size] of bytes.entries())
          rates.add([{ op: op(operation, chunk, size), ns: size * slowness(chunk, sweep) }]);
    return rates.judge();
  }
  const eight = Array(8).fill(256 * MIB);
  const suspects = (all: ReturnType<typeof judged>) => all.filter(({ suspect }) => suspect).map(({ chunk }) => chunk);

  test('one at a quarter of the rate is suspected', () => {
    expect(suspects(judged(eight, 3, (chunk) => (chunk === 5 ? 4 : 1)))).toEqual([5]);
  });
  test('a stall now and then is not', () => {
    expect(suspects(judged(eight, 3, (chunk, sweep) => ((chunk + sweep) % 3 === 0 ? 20 : 1)))).toEqual([]);
  });
  test('nothing is said of too few sweeps, too few chunks, or a chunk that is small', () => {
    expect(suspects(judged(eight, 2, (chunk) => (chunk === 5 ? 4 : 1)))).toEqual([]);
    expect(suspects(judged(eight.slice(0, 3), 5, (chunk) => (chunk === 1 ? 4 : 1)))).toEqual([]);
    expect(suspects(judged([...eight, 16 * MIB], 5, (chunk) => (chunk === 8 ? 4 : 1)))).toEqual([]);
  });
  test('a sweep with a piece that was not timed is left out', () => {
    const rates = new ChunkRates(eight);
    rates.add([
      { op: op('fill', 0, MIB), ns: 5 },
      { op: op('fill', 0, MIB), ns: null },
    ]);
    expect(rates.judge()[0]?.gbPerS).toBeNull();
  });
});

test('faults are named, and a slip is told the near name', () => {
  expect(FAULT_NAMES.map(faultNamed)).toEqual(FAULT_NAMES);
  expect(() => faultNamed('stuckbit')).toThrow(/unknown fault "stuckbit"; did you mean "stuck-bit"/);
  expect(() => faultNamed('toString')).toThrow(/unknown fault/);
});
