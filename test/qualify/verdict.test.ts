import { describe, expect, test } from 'vitest';
import { DEFAULT_POLICY } from '../../bench/qualify/policy.js';
import { CHECK_IDS } from '../../bench/qualify/step.js';
import { usableBytes } from '../../bench/qualify/suitability.js';
import { gradeOf, overallOf, verdictOf } from '../../bench/qualify/verdict.js';
import type { Check } from '../../reports/schema.js';
import { verdict as verdictSchema } from '../../reports/schema.js';
import { hardwareResult } from '../reports/sample.js';

const GIB = 2 ** 30;
const { device: sampleDevice } = hardwareResult();
const device = { ...sampleDevice, vramBytes: 24 * GIB };
const check = (id: string, status: Check['status'] = 'pass', figures: Check['figures'] = {}): Check => ({
  ...{ id, status, figures },
  reasons: status === 'pass' ? [] : [{ code: 'no-time', detail: 'by test' }],
});
/** All pass but those that are given. */
const checks = (...changed: Check[]) => CHECK_IDS.map((id) => changed.find((one) => one.id === id) ?? check(id));
const ask = (of: Check[], changes: object = {}) =>
  overallOf({ checks: of, policy: DEFAULT_POLICY, level: 'quick', interrupted: false, device, ...changes }).overall;

describe('overall', () => {
  test.each([
    ['everything passes', checks(), 'PASS'],
    ['a warning is no failure', checks(check('memory', 'warn')), 'PASS'],
    ['one failure', checks(check('health', 'fail')), 'FAIL'],
    ['a failure outweighs what is open', checks(check('memory', 'inconclusive'), check('link', 'fail')), 'FAIL'],
    ['a needed check is inconclusive', checks(check('memory', 'inconclusive')), 'INCONCLUSIVE'],
    ['a needed check is skipped', checks(check('compute', 'skipped')), 'INCONCLUSIVE'],
    ['a needed check is missing', checks().filter(({ id }) => id !== 'load'), 'INCONCLUSIVE'],
    ['one that may be skipped is', checks(check('link', 'skipped')), 'PASS'],
    ['one that may be skipped came to no end', checks(check('telemetry', 'inconclusive')), 'INCONCLUSIVE'],
    ['one that nothing hangs on', checks(check('performance', 'inconclusive')), 'PASS'],
    ['no check at all', [], 'INCONCLUSIVE'],
  ] as const)('%s', (_, of, overall) => expect(ask([...of])).toBe(overall));

  test('a level may need more', () => {
    const without = checks(check('link', 'skipped'));
    expect([ask(without), ask(without, { level: 'thorough' })]).toEqual(['PASS', 'INCONCLUSIVE']);
  });
  test('a program needs what a rehearsal needs, by the same rules', () => {
    const program = { device: { software: true } };
    expect(ask(checks(check('identity', 'skipped')), program)).toBe('PASS');
    expect(ask(checks(check('compute', 'skipped')), program)).toBe('INCONCLUSIVE');
  });
  test('what did not finish never passes, and what failed has failed', () => {
    expect(ask(checks(), { interrupted: true })).toBe('INCONCLUSIVE');
    expect(ask(checks(check('load', 'fail')), { interrupted: true })).toBe('FAIL');
  });
});

describe('grade', () => {
  const figures = (coveredShare: number | null, fraction: number | null) =>
    checks(check('memory', 'pass', { coveredShare }), check('performance', 'pass', { fraction }));
  test.each([
    [figures(0.97, 0.99), 'A'],
    [figures(0.97, 0.9), 'B'],
    [figures(0.91, 0.99), 'B'],
    [figures(0.97, 0.5), 'C'],
    // What was not measured is not reached.
    [figures(0.97, null), 'C'],
    [figures(null, 0.99), 'D'],
  ])('%#', (of, grade) => expect(gradeOf(of, DEFAULT_POLICY)).toBe(grade));
  test('warnings cost it', () => {
    const warned = (n: number) =>
      figures(0.97, 0.99).map((c, i) => (i > 2 && i < 3 + n ? check(c.id, 'warn', c.figures) : c));
    expect([0, 1, 2, 4].map((n) => gradeOf(warned(n), DEFAULT_POLICY))).toEqual(['A', 'B', 'C', 'D']);
  });
});

describe('suitability', () => {
  const now = new Date('2026-11-24T00:00:00Z');
  const of = (changed: Check[], changes: object = {}) =>
    verdictOf({
      ...{ checks: checks(...changed), device, policy: DEFAULT_POLICY, level: 'quick', fault: null },
      ...{ challenge: null, interrupted: false, now, ...changes },
    });
  const sized = (gib: number) => of([], { device: { ...device, vramBytes: gib * GIB } });

  test('fits the schema, and has no grade unless it passed', () => {
    expect(verdictSchema.parse(of([]))).toMatchObject({ overall: 'PASS', grade: 'D', rehearsal: false });
    expect(of([check('memory', 'fail')]).grade).toBeNull();
    expect(of([], { fault: 'stuck-bit' }).rehearsal).toBe(true);
  });
  // Sizes of published models: 8 billion weights are 4.5 bits each in q4, 16 in f16.
  test.each([
    [4, [false, false, true], ['Llama 3.2 1B q4', 'Llama 3.2 1B f16', 'Llama 3.2 3B q4']],
    [
      8,
      [true, true, true],
      ['Llama 3.2 1B q4', 'Llama 3.2 1B f16', 'Llama 3.2 3B q4', 'Llama 3.2 3B f16', 'Llama 3.1 8B q4'],
    ],
  ])('%d GiB', (gib, algorithms, models) => {
    const { mining, ai } = sized(gib);
    expect(mining.algorithms.map(({ fits }) => fits)).toEqual(algorithms);
    expect(ai.models.filter(({ fits }) => fits).map(({ name, weights }) => `${name} ${weights}`)).toEqual(models);
    expect(ai.marketplace.memory).toBe(gib > 7);
  });
  test('Etchash’s epoch in November 2026 is 430 or the next', () => {
    expect(sized(8).mining.algorithms[0]?.name).toMatch(/epoch 43[01] now/);
  });
  test('memory with errors is good for nothing that needs it', () => {
    const { mining, ai } = of([check('memory', 'fail')]);
    expect(mining.algorithms.map(({ fits }) => fits)).toEqual([false, false, true]);
    expect(ai.words).toContain('errors');
  });
  test('what is not known is said, and nothing is made of it', () => {
    const { mining, ai } = of([], { device: { ...device, vramBytes: null } });
    expect(mining.algorithms[0]?.fits).toBeNull();
    expect(mining.missing).toContain('how much memory can be relied on');
    expect(ai.marketplace).toEqual({ memory: null, link: null });
    expect(ai.missing).toEqual(expect.arrayContaining(['tokens per second', 'rate over the link']));
  });
  test('rates and the link are taken where they were measured, the slower way', () => {
    const { mining, ai } = of([
      check('performance', 'pass', {
        ...{ 'ethash-search/epoch430-etchash-n262144': 60e6, 'llm/llama-8b-q4/pp0-tg32': 41, sha256dScan: 3e9 },
        // Of another epoch's DAG, which a card's caches hold more of.
        ethash: 90e6,
      }),
      check('link', 'pass', { uploadBytesPerSecond: 12e9, readbackBytesPerSecond: 2e9 }),
    ]);
    expect(mining.algorithms.map(({ hashesPerSecond }) => hashesPerSecond)).toEqual([60e6, null, 3e9]);
    expect(ai.models.find((m) => m.name === 'Llama 3.1 8B' && m.weights === 'q4')?.tokensPerSecond).toBe(41);
    expect(ai.marketplace.link).toBe(false);
  });
  test('all that the driver gave counts, and never more than the card says', () => {
    const memory = {
      ...check('memory', 'pass', { coveredBytes: 9 * GIB, reserveBytes: GIB }),
      evidence: { endedBy: 'device' },
    };
    const grounds = { checks: [memory], policy: DEFAULT_POLICY, now };
    expect(usableBytes({ ...grounds, device: { software: false, vramBytes: null } })).toBe(10 * GIB);
    expect(usableBytes({ ...grounds, device: { software: false, vramBytes: 8 * GIB } })).toBe(8 * GIB);
  });
});
