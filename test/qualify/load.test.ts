import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadStep } from '../../bench/qualify/checks/load.js';
import { type Card, EnvironmentError, openCard } from '../../harness/card.js';
import { noFacts, noFigures } from '../../harness/telemetry/types.js';
import type { TelemetrySample } from '../../reports/telemetry.js';
import { testDevice } from '../harness/adapter.js';
import { checkContext } from './context.js';

let card: Card | null = null;
let why = '';
beforeAll(async () => {
  try {
    card = await openCard(testDevice ? { device: testDevice } : { software: true });
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    why = `no adapter: ${error.message}`;
  }
});
afterAll(() => card?.close());

const codes = ({ reasons }: { reasons: readonly { code: string }[] }) => reasons.map(({ code }) => code);

test('a sound load passes, with its curve and the rate of every part', async (context) => {
  if (!card) return context.skip(why);
  const said: string[] = [];
  const progress = (share: number, what: string) => said.push(`${share.toFixed(2)} ${what}`);
  const outcome = await loadStep.run(checkContext(card, { budgetMs: 8000, progress }));
  expect(codes(outcome).filter((code) => /^(wrong|throttled|sudden|rate-decays|power)/.test(code))).toEqual([]);
  expect(outcome.status).not.toBe('fail');
  const { curve, parts, plateau } = outcome.evidence as {
    curve: { phase: string[]; rate: number[]; tMs: number[] };
    parts: { workload: string; rate: number }[];
    plateau: boolean;
  };
  expect(new Set(curve.phase)).toEqual(new Set(['steady', 'pulsed']));
  expect(Math.max(...curve.rate)).toBe(1);
  expect(parts.map(({ workload }) => workload.split('/')[0])).toEqual(['matmul', 'copy', 'sha256d-scan']);
  for (const { rate } of parts) expect(rate).toBeGreaterThan(0);
  expect(plateau).toBe(true);
  expect(said.some((line) => /steady load at \d+ % of its best/.test(line))).toBe(true);
});

test.for(['slow-decay', 'sudden-throttle'] as const)('%s on the device fails', async (fault, context) => {
  if (!card) return context.skip(why);
  const outcome = await loadStep.run(checkContext(card, { budgetMs: 10_000, fault, seed: 4 }));
  expect(outcome.status, JSON.stringify(outcome.reasons)).toBe('fail');
  expect(codes(outcome)[0]).toMatch(/^(rate-decays|sudden-drop|rate-unsteady)$/);
  expect((outcome.evidence as { rehearsal: string }).rehearsal).toMatch(/the rate (sinks|falls)/);
});

test('telemetry that never changes makes it inconclusive, and telemetry that stops as well', async (context) => {
  if (!card) return context.skip(why);
  const frozen: TelemetrySample = { tMs: 0, source: 'nvml', ...noFigures(), powerWatts: 200 };
  let asked = 0;
  const constant = await loadStep.run(checkContext(card, { budgetMs: 5000, readTelemetry: async () => frozen }));
  expect(constant.status).toBe('inconclusive');
  expect(codes(constant)).toContain('telemetry-constant');
  const readTelemetry = async () => (asked++ < 10 ? { ...frozen, powerWatts: asked } : null);
  const lost = await loadStep.run(checkContext(card, { budgetMs: 5000, readTelemetry }));
  expect(codes(lost)).toContain('telemetry-lost');
});

test('a lowered power limit is said, and an interrupted check too', async (context) => {
  if (!card) return context.skip(why);
  const facts = { ...noFacts, powerLimitWatts: 100, powerDefaultLimitWatts: 250 };
  const limited = await loadStep.run(checkContext(card, { budgetMs: 5000, facts }));
  expect(codes(limited)).toContain('power-limit-left');
  const abort = new AbortController();
  const progress = (share: number) => share > 0.2 && abort.abort();
  const outcome = await loadStep.run(checkContext(card, { budgetMs: 8000, signal: abort.signal, progress }));
  expect(outcome.status).toBe('inconclusive');
  expect(codes(outcome)).toContain('interrupted');
});

test('too little time is said before the card is loaded', async (context) => {
  if (!card) return context.skip(why);
  const outcome = await loadStep.run(checkContext(card, { budgetMs: 1000 }));
  expect(outcome).toMatchObject({ status: 'inconclusive', reasons: [{ code: 'no-time' }] });
});
