import { describe, expect, test } from 'vitest';
import { compareResults } from '../../reports/compare.js';
import { renderComparison } from '../../reports/formats/compare-table.js';
import type { Measurement, Result } from '../../reports/schema.js';
import { studentTQuantile } from '../../reports/statistics/index.js';
import { hardwareResult, sampleResult } from './sample.js';

/** A valid measurement whose rounds took so many ns. */
function took(roundsNs: readonly number[], rest: Partial<Measurement> = {}): Measurement {
  const model = sampleResult().measurements.find((m) => m.status === 'valid') as Measurement;
  const rounds = roundsNs.map((ns, index) => ({
    ...{ order: index, index, tMs: index, samplesNs: [ns], hostSamplesNs: [2 * ns], discarded: 0 },
  }));
  return { ...model, workload: 'w/n1', implementation: 'assay/a', rounds, ...rest };
}
const result = (...measurements: Measurement[]): Result => ({
  ...sampleResult({ measurements }),
  id: `r${measurements.length}`,
});
const one = (a: Measurement, b: Measurement, minEffect?: number) =>
  compareResults(result(a), result(b), minEffect === undefined ? {} : { minEffect }).compared[0];

describe('two results', () => {
  test('the ratio of rates with Welch’s interval', () => {
    // ln(rate) 1, 2, 3, 4 and 2, 4, 6, 8, 10: means 2.5 and 6, squared standard errors 5/12 and 2.
    const [a, b] = [
      [1, 2, 3, 4],
      [2, 4, 6, 8, 10],
    ].map((logs) => took(logs.map((x) => Math.exp(20 - x)))) as [Measurement, Measurement];
    const { ratio } = one(a, b) ?? {};
    const degrees = (5 / 12 + 2) ** 2 / ((5 / 12) ** 2 / 3 + 2 ** 2 / 4);
    expect(Math.log(ratio?.value ?? 0)).toBeCloseTo(3.5, 9);
    const half = studentTQuantile(0.975, degrees) * Math.sqrt(5 / 12 + 2);
    expect(Math.log(ratio?.high ?? 0) - 3.5).toBeCloseTo(half, 6);
    expect(3.5 - Math.log(ratio?.low ?? 0)).toBeCloseTo(half, 6);
  });

  test('swapping them swaps the verdict', () => {
    const [fast, slow] = [took([100, 101, 99, 100]), took([120, 121, 119, 120])];
    expect([one(fast, slow)?.verdict, one(slow, fast)?.verdict]).toEqual(['slower', 'faster']);
    expect(one(fast, fast)?.verdict).toBe('same');
    expect(one(fast, took([102, 103, 101, 102]))?.verdict).toBe('same');
    expect(one(fast, took([102, 103, 101, 102]), 0.005)?.verdict).toBe('slower');
    expect(one(fast, took([80, 160, 90, 140]))?.verdict).toBe('ambiguous');
  });

  test('what one of many shows by chance is left to chance', () => {
    const many = (last: number) =>
      result(
        ...Array.from({ length: 40 }, (_, i) =>
          took(i === 39 ? [last, last * 1.03, last * 0.97] : [100, 103, 97], { workload: `w/n${i}` }),
        ),
      );
    const alone = compareResults(result(took([100, 103, 97])), result(took([115, 118.5, 111.5])));
    expect(alone.compared[0]?.verdict).toBe('slower');
    expect(compareResults(many(100), many(115)).compared.at(-1)?.verdict).toBe('ambiguous');
  });

  test.each([
    ['other work', { work: { operations: 1, unit: 'flop', bytes: 3 } }, /other work: operations/],
    ['another program’s figure', { reasons: [{ code: 'not-verified', detail: '' }] }, /not verified in the second/],
    [
      'a wrong result',
      { rate: null, status: 'failed', reasons: [{ code: 'wrong-result', detail: '' }] },
      /failed in the second: wrong-result/,
    ],
    ['another mode', { mode: 'peer-equal' }, /mode safe in the first, peer-equal in the second/],
    ['one round', { rounds: took([5]).rounds }, /fewer than two clean rounds/],
    ['another shape', { workload: 'w/n2' }, /not in the second/],
  ] as const)('%s is not compared, and says why', (_, rest, why) => {
    const base = took([100, 101], { work: { operations: 2, unit: 'flop', bytes: 3 } });
    const compared = compareResults(result(base), result({ ...base, ...(rest as Partial<Measurement>) })).compared;
    expect(compared[0]).toMatchObject({ ratio: null, verdict: null, refusal: expect.stringMatching(why) });
  });

  test('software and hardware are not compared at all; two cards are, and no regression is seen in it', () => {
    const { compared, sameDevice } = compareResults(sampleResult(), hardwareResult());
    expect(sameDevice).toBe(false);
    expect(compared.every(({ refusal }) => refusal === 'a software adapter and hardware are not compared')).toBe(true);
  });

  test('other clocks meet on the host’s', () => {
    const compared = one(took([100, 101, 99]), took([100, 101, 99], { clock: 'host' }));
    expect(compared).toMatchObject({ clock: 'host', notes: [expect.stringContaining('host’s clock')] });
  });

  test('the table keeps to its width and lets no name drive the terminal', () => {
    const hostile = { implementation: 'assay/\u001b[2J' };
    const both = compareResults(result(took([100, 101], hostile)), result(took([100, 101], hostile)));
    const text = renderComparison(both, 60, false);
    expect(Math.max(...text.split('\n').map((l) => l.length))).toBeLessThanOrEqual(60);
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    expect(renderComparison(compareResults(result(), result()), 60, false)).toContain('Nothing could be compared.');
  });
});
