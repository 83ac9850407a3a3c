import { describe, expect, test } from 'vitest';
import { CAPACITY } from '../../kernels/hits.js';
import { randomWords } from '../../kernels/random.js';
import { compressionOperations, integerBound, type Operations } from '../../kernels/sha256/operations.js';
import { rangeWords, zeroBits } from '../../kernels/sha256d-scan/jobs.js';
import { sha256dScan } from '../../kernels/sha256d-scan/kernel.js';
import { scanOperations } from '../../kernels/sha256d-scan/operations.js';

const total = ({ rotates, logic, adds3 }: Operations) => rotates + logic + adds3;

describe('operation counts', () => {
  test('a compression of which nothing is known has the published totals', () => {
    // 64 rounds of 6 + 4 + 4, 48 words of 6 + 2 + 2, eight sums.
    expect(compressionOperations()).toEqual({ rotates: 672, logic: 352, adds3: 360, adds2: 600 });
    expect(total(compressionOperations())).toBe(1384);
  });
  test('a scan has the published totals but for four additions, which only merged constants spare', () => {
    const [early, whole] = [scanOperations['early-exit'], scanOperations['second-round']];
    expect([early.rotates, early.logic, early.adds3 + 4]).toEqual([1176, 628, 642]);
    expect([whole.rotates, whole.logic, whole.adds3 + 4]).toEqual([1224, 654, 672]);
  });
  test('no trick adds work, and each but unrolling spares some', () => {
    const story = ['naive', 'midstate', 'hoisted', 'padding', 'second-round', 'early-exit'] as const;
    const totals = story.map((id) => total(scanOperations[id]));
    expect(totals).toEqual([4152, 2768, 2670, 2558, 2546, 2442]);
    expect(scanOperations.unrolled).toEqual(scanOperations.midstate);
  });
  test('every variant has a count', () => {
    expect(Object.keys(scanOperations)).toEqual(sha256dScan.variants.map(({ id }) => id));
  });
  test('the bound holds what a nonce cannot do without, times the nonces, by three-operand additions or by two', () => {
    const [bound] = sha256dScan.bounds?.({ nonces: 10 }) ?? [];
    expect(bound?.ways).toEqual([
      { 'int-rotate': 11760, 'int-logic': 6280, 'int-add3': 6380 },
      { 'int-rotate': 11760, 'int-logic': 6280, 'int-add': 10420 },
    ]);
    expect(integerBound(compressionOperations(), 2).ways[0]).toEqual({
      'int-rotate': 1344,
      'int-logic': 704,
      'int-add3': 720,
    });
  });
});

describe('a job', () => {
  const swap = (x: number) => Buffer.from(Uint32Array.of(x).buffer).swap32().readUInt32LE();

  test('a range is its first nonce and how many follow, which a word holds even for all 2³²', () => {
    expect(rangeWords({ firstNonce: 7, count: 2 ** 32 } as never)).toEqual([7, 0xffffffff]);
    expect(rangeWords({ firstNonce: 7, count: 1 } as never)).toEqual([7, 0]);
  });
  test.each([
    [0n, 0xffffffff],
    [(1n << 224n) - 1n, 0xffffffff],
    [1n << 224n, 0xfeffffff],
    [0xffffn << 224n, 0x0000ffff],
    [1n << 255n, 0],
    [(1n << 256n) - 1n, 0],
  ])('target %#: bits that are 0 in every winner’s last word', (target, zeros) => {
    expect(zeroBits(target)).toBe(zeros);
  });
  test('no winner has one of those bits, and hardly a loser is taken for a candidate', () => {
    const next = randomWords(4);
    let [candidates, winners] = [0, 0];
    for (let i = 0; i < 20000; i++) {
      const target = BigInt(next() >>> (next() % 8)) << 224n;
      const top = next() >>> (next() % 8);
      const candidate = (swap(top) & zeroBits(target)) === 0;
      const wins = BigInt(top) << 224n <= target;
      if (wins) expect(candidate).toBe(true);
      candidates += Number(candidate);
      winners += Number(wins);
    }
    expect(candidates).toBeLessThan(2 * winners);
  });
  test('more winners than the list holds are counted and refused, not cut off', () => {
    const readback = {
      hitCount: new Uint8Array(Uint32Array.of(CAPACITY + 1).buffer),
      hits: new Uint8Array(CAPACITY * 4),
    };
    for (const variant of sha256dScan.variants)
      expect(() => variant.decode({ nonces: 1e6 }, {}, readback)).toThrow(`${CAPACITY + 1} nonces meet the target`);
  });
});
