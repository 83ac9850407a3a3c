import { type FloorKernel, type FloorVerdict, floorFor, holdAgainst } from '../../../reports/cards/floors.js';
import { findCard } from '../../../reports/cards/index.js';
import type { CheckReasonCode } from '../../../reports/check-codes.js';
import { median } from '../../../reports/statistics/index.js';
import type { CheckContext, CheckOutcome, CheckStep } from '../step.js';
import { type Held, holdFirst, nameOf, recheck, releaseAll } from './prepared.js';

/** What is measured; a software adapter gets the last rung. */
const KERNELS: readonly { key: FloorKernel | 'ethashReduced'; card: string | null; rehearsal: string | null }[] = [
  { key: 'copy', card: 'copy/n268435456 > copy/n33554432', rehearsal: 'copy/n4194304' },
  { key: 'fmaF32', card: 'fma-f32/n1048576-i256 > fma-f32/n16384-i256', rehearsal: 'fma-f32/n1024-i16' },
  { key: 'sha256dScan', card: 'sha256d-scan/n16777216', rehearsal: 'sha256d-scan/n32768' },
  { key: 'matmulF32', card: 'matmul/f32/m2048-n2048-k2048', rehearsal: 'matmul/f32/m128-n128-k128' },
  { key: 'matmulF16', card: 'matmul/f16/m2048-n2048-k2048', rehearsal: 'matmul/f16/m128-n128-k128' },
  // A DAG of an epoch takes a while to make: at the longer levels only.
  { key: 'ethash', card: 'ethash-search/epoch0-n1048576', rehearsal: null },
  {
    key: 'ethashReduced',
    card: 'ethash-search-reduced/k65536-n131072 > ethash-search-reduced/k65536-n16384',
    rehearsal: null,
  },
];
const SAMPLES = 5;
const ROUND_TIMEOUT_MS = 120_000;
/** Of verification and warm-up, of one kernel. */
const BUDGET_MS = 10_000;
/** Repeats must miss a card's cache. */
const ROTATION_BYTES = { card: 128 << 20, rehearsal: 16 << 20 };

type Finding = { status: 'warn' | 'fail'; code: CheckReasonCode; detail: string };

export const performanceStep: CheckStep = {
  id: 'performance',
  title: 'Performance',
  about: 'What the card does beside what its model does elsewhere, with the source of every figure.',
  async run(context) {
    const { card, facts, policy, rehearsal, level, signal, progress, budgetMs, now } = context;
    const found = findCard({ ...card.device, vramBytes: card.device.vramBytes ?? facts.vramBytes });
    const findings: Finding[] = [];
    const figures: Record<string, number | null> = {};
    const evidence: object[] = [];
    const verdicts: { verdict: FloorVerdict; sure: boolean }[] = [];
    const list = KERNELS.flatMap(({ key, card: big, rehearsal: small }) => {
      const entry = rehearsal ? small : big;
      return entry === null || (key === 'ethash' && level === 'quick') ? [] : [{ key, entry }];
    });
    const began = now();
    let skipped = 0;
    for (const [i, { key, entry }] of list.entries()) {
      progress(i / list.length, entry.split(' > ')[0] as string);
      if (signal.aborted || now() - began > budgetMs) {
        const code = signal.aborted ? 'interrupted' : 'no-time';
        evidence.push({ kernel: key, workload: entry, rate: null, why: code });
        skipped++;
        if (signal.aborted) break;
        continue;
      }
      const one = await measure(context, entry);
      if (one.finding) findings.push(one.finding);
      figures[key] = one.rate;
      const floor = found && key !== 'ethashReduced' ? floorFor(found.card, key) : null;
      if (one.rate === null || floor === null || key === 'ethashReduced') {
        evidence.push({ kernel: key, ...one.evidence, rate: one.rate, floor });
        continue;
      }
      const limits = { ...policy.performance, ...policy.performance.kernels[key] };
      const verdict = holdAgainst(one.rate, floor, one.evidence.workload, limits);
      figures[`${key}OfReference`] = verdict.ofReference;
      evidence.push({ kernel: key, ...one.evidence, rate: one.rate, floor });
      if (verdict.finding) findings.push(verdict.finding);
      if (verdict.finding?.code !== 'reference-suspect')
        verdicts.push({ verdict, sure: limits.mayFail && floor.status !== 'unverified' && floor.status !== 'derived' });
    }
    const sure = verdicts.filter((one) => one.sure);
    const counted = (sure.length > 0 ? sure : verdicts).map(({ verdict }) => verdict.fraction);
    figures.fraction = counted.length > 0 ? Math.min(...counted) : null;
    const outcome = concluded(context, findings, counted.length, skipped);
    return {
      ...outcome,
      figures,
      evidence: { model: found?.card.id ?? null, by: found?.by ?? null, kernels: evidence },
    };
  },
};

function concluded(
  { rehearsal, signal, card }: CheckContext,
  findings: readonly Finding[],
  held: number,
  skipped: number,
): Pick<CheckOutcome, 'status' | 'reasons'> {
  const reasons: CheckOutcome['reasons'] = findings.map(({ code, detail }) => ({ code, detail }));
  if (findings.some(({ status }) => status === 'fail')) return { status: 'fail', reasons };
  if (signal.aborted) return { status: 'inconclusive', reasons: [...reasons, { code: 'interrupted', detail: '' }] };
  if (skipped > 0) reasons.push({ code: 'no-time', detail: `${skipped} kernels were not measured` });
  if (held === 0) {
    const detail = rehearsal
      ? 'a software adapter has none'
      : `${card.device.name} is not known, or none of its figures was reached`;
    return { status: rehearsal ? 'skipped' : 'inconclusive', reasons: [...reasons, { code: 'no-reference', detail }] };
  }
  return { status: reasons.length > 0 ? 'warn' : 'pass', reasons };
}

interface Measured {
  readonly rate: number | null;
  readonly finding: Finding | null;
  readonly evidence: { workload: string; variant?: string; unit?: string; why?: string };
}

/** The best of the rounds' medians: what the card can, not what disturbs it. @throws {ProcessGone} */
async function measure({ card, seed, policy, rehearsal, signal }: CheckContext, entry: string): Promise<Measured> {
  const rotationBytes = ROTATION_BYTES[rehearsal ? 'rehearsal' : 'card'];
  const one = await holdFirst(card, entry, { handle: 1, seed, budgetMs: BUDGET_MS, rotationBytes });
  if (!('handle' in one)) {
    const { refused } = one;
    const why = refused.reasons.map(({ detail }) => detail).join('; ');
    const wrong = refused.status === 'failed';
    const finding = wrong
      ? ({ status: 'fail', code: 'wrong-result', detail: `${nameOf(one)}: ${why}` } as const)
      : null;
    return { rate: null, finding, evidence: { workload: nameOf(one), why } };
  }
  const held: Held = one;
  const { kernel, shape } = held.workload;
  const evidence = { workload: nameOf(held), variant: held.variant, unit: `${kernel.work(shape).unit}/s` };
  try {
    const times: number[] = [];
    const wrong: string[] = [];
    for (let i = 0; i < policy.performance.rounds && !signal.aborted; i++) {
      const round = await card.worker.call('round', { handle: held.handle, samples: SAMPLES }, ROUND_TIMEOUT_MS);
      wrong.push(...round.reasons.map(({ detail }) => detail));
      if (round.samplesNs.length > 0) times.push(median(round.samplesNs));
    }
    wrong.push(...(await recheck(card, [held])));
    if (wrong.length > 0)
      return { rate: null, finding: { status: 'fail', code: 'wrong-result', detail: wrong.join('; ') }, evidence };
    const best = Math.min(...times);
    return {
      rate: times.length > 0 && best > 0 ? (kernel.work(shape).operations * 1e9) / best : null,
      finding: null,
      evidence,
    };
  } finally {
    await releaseAll(card, [held]);
  }
}
