import { describe, expect, test } from 'vitest';
import { performanceStep } from '../../bench/qualify/checks/performance.js';
import { DEFAULT_PERFORMANCE_POLICY } from '../../bench/qualify/performance-policy.js';
import type { Card } from '../../harness/card.js';
import { type Floor, floorFor, floorKernels, holdAgainst } from '../../reports/cards/floors.js';
import { cards, findCard } from '../../reports/cards/index.js';
import { cardOrSkip } from '../harness/adapter.js';
import { checkContext } from './context.js';

const policy = DEFAULT_PERFORMANCE_POLICY;
const limits = { ...policy, reach: 0.85, mayFail: true };
const floor = (status: Floor['status'] = 'spec'): Floor => ({ value: 1e12, status, source: 'a sheet' });
const finding = (rate: number, of = floor(), more = {}) => {
  const { finding: found } = holdAgainst(rate, of, 'copy', { ...limits, ...more });
  return found && `${found.status} ${found.code}`;
};

describe('a rate beside its reference', () => {
  test('what a sound card reaches passes, less warns, far less fails', () => {
    expect(finding(0.85e12)).toBeNull();
    expect(finding(0.75e12)).toBe('warn below-reference');
    expect(finding(0.5e12)).toBe('fail below-reference');
    expect(holdAgainst(0.425e12, floor(), 'copy', limits)).toMatchObject({ ofReference: 0.425, fraction: 0.5 });
  });

  test('a figure without evidence, and a kernel whose reach is not known well, can only warn', () => {
    for (const status of ['derived', 'unverified'] as const)
      expect(finding(1e9, floor(status))).toBe('warn below-reference');
    expect(finding(1e9, floor('measured elsewhere'))).toBe('fail below-reference');
    expect(finding(1e9, floor(), { mayFail: false })).toBe('warn below-reference');
  });

  test('a rate far above the reference speaks against the reference', () => {
    expect(finding(1.2e12)).toBeNull();
    expect(finding(10e12)).toBe('warn reference-suspect');
    expect(finding(1.5e12, { ...floor(), upTo: 1.3e12 })).toBeNull();
  });

  test('the reason quotes figure, status and source', () => {
    const card = cards.find(({ id }) => id === 'rtx-3090') as (typeof cards)[number];
    const of = floorFor(card, 'sha256dScan') as Floor;
    expect(of.value).toBe((card.sha256HashesPerSecond?.value as number) / 2);
    expect(holdAgainst(1, of, 'sha256d-scan', limits).finding?.detail).toMatch(
      /4\.680e\+9\/s, measured elsewhere: .*÷ 2/,
    );
  });

  test('every model’s figures can be asked for', () => {
    for (const card of cards)
      for (const kernel of floorKernels) expect(floorFor(card, kernel)?.value ?? 1).toBeGreaterThan(0);
  });
});

/** A worker that measures as fast as a model's figures say, times `share`. */
function simulated(share: number, name = 'NVIDIA GeForce RTX 3090'): Card {
  const device = { name, software: false, identity: null, vramBytes: null, features: [], limits: {} };
  const model = findCard(device)?.card;
  const asked: Record<number, { kernel: string; shape: Record<string, number> }> = {};
  const call = async (method: string, params: never) => {
    const { handle, kernel, shape } = params as { handle: number; kernel: string; shape: Record<string, number> };
    if (method === 'prepare') {
      asked[handle] = { kernel, shape };
      const missing = kernel === 'matmul/f16' ? [{ code: 'missing-feature', detail: 'no shader-f16' }] : [];
      return { status: missing.length > 0 ? 'skipped' : 'ready', reasons: missing };
    }
    if (method === 'recheck') return { reasons: [] };
    const is = asked[handle] as { kernel: string; shape: Record<string, number> };
    const rate = is.kernel === 'copy' ? (model?.memoryBytesPerSecond?.value ?? 1e12) * 0.85 * share : 1e15;
    const bytes = 2 * (is.shape.bytes ?? 0);
    return { samplesNs: [is.kernel === 'copy' ? (1e9 * bytes) / rate : 1], reasons: [] };
  };
  const limits = { maxComputeWorkgroupsPerDimension: 65535 };
  return { device, limits, worker: { call, gone: null } } as unknown as Card;
}
const run = (card: Card) => performanceStep.run(checkContext(card, { rehearsal: false }));

describe('the performance check', () => {
  test('bandwidth far below the model’s fails, with the source', async () => {
    const outcome = await run(simulated(0.5));
    expect(outcome.status).toBe('fail');
    expect(outcome.reasons[0]).toMatchObject({ code: 'below-reference' });
    expect(outcome.reasons[0]?.detail).toMatch(/copy.*spec: /);
    expect(outcome.figures.fraction).toBeCloseTo(0.5, 6);
    expect(outcome.figures.copyOfReference).toBeCloseTo(0.425, 6);
    expect(outcome.figures.matmulF16).toBeNull();
  });

  test('rates that no card has are held against the reference, not the card', async () => {
    const outcome = await run(simulated(1));
    expect(outcome.status).toBe('warn');
    expect(new Set(outcome.reasons.map(({ code }) => code))).toEqual(new Set(['reference-suspect']));
    expect(outcome.figures.fraction).toBeCloseTo(1, 6);
  });

  test('a model that nobody knows has figures and no verdict', async () => {
    const outcome = await run(simulated(1, 'Frobnicator 9000'));
    expect(outcome).toMatchObject({ status: 'inconclusive', reasons: [{ code: 'no-reference' }] });
    expect(outcome.figures.copy).toBeGreaterThan(0);
    expect(outcome.figures.fraction).toBeNull();
  });

  test('a software adapter is measured and not judged', async (context) => {
    const card = await cardOrSkip(context);
    try {
      if (!card.device.software) return context.skip('hardware');
      const outcome = await performanceStep.run(checkContext(card, { budgetMs: 60_000 }));
      expect(outcome.status).toBe('skipped');
      expect(outcome.reasons.map(({ code }) => code)).toContain('no-reference');
      for (const key of ['copy', 'fmaF32', 'sha256dScan', 'matmulF32']) expect(outcome.figures[key]).toBeGreaterThan(0);
    } finally {
      await card.close();
    }
  });
});
