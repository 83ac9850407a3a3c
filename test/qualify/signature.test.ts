import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { judgeSignature, ratiosOf, signatureStep } from '../../bench/qualify/checks/signature.js';
import { DEFAULT_POLICY } from '../../bench/qualify/policy.js';
import type { Card } from '../../harness/card.js';
import { randomWords } from '../../kernels/random.js';
import { classifySignature, type MeasuredRatios } from '../../reports/cards/classify-signature.js';
import { cards } from '../../reports/cards/index.js';
import {
  RATIO_NAMES,
  signatureSchema,
  signatures,
  unrestricted,
  unrestrictedSchema,
} from '../../reports/cards/signatures.js';
import { cardOrSkip } from '../harness/adapter.js';
import { contextFor } from './compute-context.js';

const free = Object.fromEntries(RATIO_NAMES.map((name) => [name, unrestricted[name].value])) as Record<
  keyof MeasuredRatios,
  number
>;
const of = (signature: (typeof signatures)[number]): MeasuredRatios => ({
  ...free,
  ...Object.fromEntries(Object.entries(signature.ratios).map(([name, { value }]) => [name, value])),
});

describe('the data', () => {
  test('every number is within what is possible, and has a source', () => {
    expect(unrestrictedSchema.safeParse(unrestricted).error).toBeUndefined();
    for (const signature of signatures) {
      expect(signatureSchema.safeParse(signature).error).toBeUndefined();
      expect(cards.find(({ id }) => id === signature.card)?.name).toBe(signature.name);
      for (const [name, { value }] of Object.entries(signature.ratios)) {
        const least = name === 'linkBytesPerS' ? 1e8 : 1e-3;
        expect(value, `${signature.name} ${name}`).toBeGreaterThan(least);
        expect(value, `${signature.name} ${name}`).toBeLessThan(name === 'linkBytesPerS' ? 1e9 : 64);
        expect(signature.free).not.toContain(name);
      }
    }
  });
});

describe('classifying', () => {
  test('a free card shows nothing, with all units or with few', () => {
    expect(classifySignature(free)).toMatchObject({ restricted: [], fits: [] });
    const few = { ...free, dot4ToInt: null, matrixToFma: null, linkBytesPerS: null };
    expect(classifySignature(few)).toMatchObject({ restricted: [], fits: [], measured: ['fmaToMulAdd', 'f32ToInt'] });
  });
  test.each(signatures)('$name is named by its own ratios', (signature) => {
    const found = classifySignature(of(signature));
    expect(found.restricted.length).toBeGreaterThan(0);
    expect(found.fits.map(({ card }) => card)).toContain(signature.card);
  });
  test('the models are told apart', () => {
    const named = signatures.map((one) => classifySignature(of(one)).fits.map(({ card }) => card));
    expect(named).toEqual([['cmp-170hx'], ['cmp-90hx'], ['cmp-100-210']]);
  });
  test('slow matrix units behind a fast link are no 100-210', () => {
    const found = classifySignature({ ...free, matrixToFma: 0.125, linkBytesPerS: 12e9 });
    expect(found).toMatchObject({ restricted: ['matrixToFma'], fits: [] });
  });
  test('a riser makes a free card’s link slow, and no other model of it than one whose link is', () => {
    const found = classifySignature({ ...free, matrixToFma: null, linkBytesPerS: 0.2e9 });
    expect(found.restricted).toEqual(['linkBytesPerS']);
    expect(found.fits.map(({ card }) => card)).toEqual(['cmp-100-210']);
  });
  test('a restriction of no known model is one all the same', () => {
    const found = classifySignature({ ...free, fmaToMulAdd: 0.01 });
    expect(found).toMatchObject({ restricted: ['fmaToMulAdd'], fits: [] });
  });
});

/** Each ratio off by a factor from a log-normal distribution, by Box and Muller. */
function noisy(ratios: MeasuredRatios, sigma: number, next: () => number): MeasuredRatios {
  const uniform = () => (next() + 0.5) / 2 ** 32;
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  return Object.fromEntries(
    Object.entries(ratios).map(([name, value]) => [name, value === null ? null : value * Math.exp(sigma * normal())]),
  ) as unknown as MeasuredRatios;
}

describe('with noise of 10 %', () => {
  const RUNS = 2000;
  test('no false alarm in 2000, and none where a compiler costs a third', () => {
    const next = randomWords(11);
    const slow = { ...free, fmaToMulAdd: free.fmaToMulAdd * 0.67, dot4ToInt: free.dot4ToInt * 0.67 };
    for (const card of [free, slow]) {
      let alarms = 0;
      for (let i = 0; i < RUNS; i++) if (classifySignature(noisy(card, 0.1, next)).restricted.length > 0) alarms++;
      expect(alarms / RUNS).toBeLessThan(0.001);
    }
  });
  test.each(signatures)('$name is found and named in 99 of 100', (signature) => {
    const next = randomWords(13);
    let [found, named] = [0, 0];
    for (let i = 0; i < RUNS; i++) {
      const { restricted, fits } = classifySignature(noisy(of(signature), 0.1, next));
      if (restricted.length > 0) found++;
      if (fits.some(({ card }) => card === signature.card)) named++;
    }
    expect(found / RUNS).toBeGreaterThan(0.99);
    expect(named / RUNS).toBeGreaterThan(0.99);
  });
});

describe('judging', () => {
  const rates = {
    'fma-f32': 20e12,
    'mul-add-f32': 10e12,
    'int-add': 5e12,
    'int-mul': 5e12,
    'dot4-i8': 40e12,
    upload: 12e9,
  };
  const told = (changes: Record<string, number | null>, rehearsal = false) =>
    judgeSignature({ ...rates, ...changes }, ['f16: lacks it'], { policy: DEFAULT_POLICY, rehearsal });
  test('a free card passes, with its ratios', () => {
    const outcome = told({});
    expect(outcome).toMatchObject({ status: 'pass', reasons: [] });
    expect(outcome.figures).toMatchObject({ fmaToMulAdd: 2, f32ToInt: 2, dot4ToInt: 8, matrixToFma: null });
    // 5e12 dot products a second; by hand 5e12 / 8.
    expect(outcome.figures.dot4ToManual).toBeCloseTo(8, 9);
  });
  test('a throttled fma is named, with the card it fits, and the policy says what it means', () => {
    const outcome = told({ 'fma-f32': 0.39e12, 'mul-add-f32': 6.25e12 });
    expect(outcome.status).toBe('warn');
    expect(outcome.reasons[0]).toMatchObject({ code: 'restricted-fma' });
    expect(outcome.reasons[0]?.detail).toContain('NVIDIA CMP 170HX');
    const policy = { ...DEFAULT_POLICY, signature: { ...DEFAULT_POLICY.signature, restricted: 'fail' as const } };
    const strict = judgeSignature({ ...rates, 'fma-f32': 0.3e12 }, [], { policy, rehearsal: false });
    expect(strict.status).toBe('fail');
  });
  test('without the units that it needs nothing is said', () => {
    const outcome = told({ 'int-add': null });
    expect(outcome.status).toBe('inconclusive');
    expect(outcome.reasons[0]).toMatchObject({ code: 'signature-unmeasured' });
    expect(outcome.reasons[0]?.detail).toContain('f16: lacks it');
  });
  test('a rehearsal says nothing, whatever it measures', () => {
    expect(told({ 'fma-f32': 1 }, true)).toMatchObject({ status: 'inconclusive', reasons: [{ code: 'rehearsal' }] });
  });
  test('no rate, no ratio; never a division by zero', () => {
    expect(ratiosOf({ 'fma-f32': 1, 'mul-add-f32': 0 })).toMatchObject({ fmaToMulAdd: null, f32ToInt: null });
  });
});

describe('on a software adapter', () => {
  let card: Card | undefined;
  beforeEach(async (context) => {
    card ??= await cardOrSkip(context);
  });
  afterAll(() => card?.close());
  test('ratios are measured, and told as a rehearsal', async () => {
    const outcome = await signatureStep.run(contextFor(card as Card, { budgetMs: 3000 }));
    expect(outcome.status).toBe('inconclusive');
    expect(outcome.reasons).toEqual([{ code: 'rehearsal', detail: '' }]);
    expect(outcome.figures.fmaToMulAdd).toBeGreaterThan(0);
    expect(outcome.figures.f32ToInt).toBeGreaterThan(0);
    expect(outcome.figures.linkBytesPerS).toBeGreaterThan(0);
  });
});
