import type { Card } from '../../../harness/card.js';
import type { Prepared } from '../../../harness/protocol.js';
import type { Shape } from '../../../kernels/declaration.js';
import { findKernel } from '../../../kernels/index.js';
import {
  classifySignature,
  type MeasuredRatios,
  SIGNATURE_RATIOS,
  type SignatureRatio,
} from '../../../reports/cards/index.js';
import type { CheckReasonCode } from '../../../reports/check-codes.js';
import { median } from '../../../reports/statistics/index.js';
import type { Policy } from '../policy.js';
import type { CheckContext, CheckOutcome, CheckStep } from '../step.js';
import { CALL_TIMEOUT_MS, PREPARE_TIMEOUT_MS, releaseAll } from './prepared.js';

const SAMPLES = 3;

const chain = (rehearsal: boolean): Shape => ({
  invocations: rehearsal ? 2 ** 12 : 2 ** 20,
  iterations: rehearsal ? 32 : 256,
});
const blocks = (rehearsal: boolean): Shape =>
  rehearsal ? { blocks: 64, iterations: 4 } : { blocks: 2 ** 14, iterations: 256 };
const bytes = (rehearsal: boolean, card: number): Shape => ({ bytes: rehearsal ? 2 ** 22 : card });

/** What is measured; the ratios come from the first five, the rest is told beside them. */
const UNITS: Readonly<Record<string, (rehearsal: boolean) => Shape>> = {
  'fma-f32': chain,
  'mul-add-f32': chain,
  'int-add': chain,
  'int-mul': chain,
  'dot4-i8': chain,
  'fma-f16': chain,
  'matrix-f16': blocks,
  copy: (rehearsal) => bytes(rehearsal, 2 ** 28),
  upload: (rehearsal) => bytes(rehearsal, 2 ** 26),
};

/** Operations, or bytes, per second by kernel; null where the card lacks the unit or gave no figure. */
export type UnitRates = Readonly<Record<string, number | null>>;

export const signatureStep: CheckStep = {
  id: 'signature',
  title: 'Throttle signature',
  about: 'Rates of the card’s units against each other show what was taken from a card made for mining.',
  async run(context) {
    const { rates, refused } = await measureUnits(context);
    return judgeSignature(rates, refused, context);
  },
};

/** Rounds of all units in turn, so that a clock that moves moves all of them. */
async function measureUnits(context: CheckContext): Promise<{ rates: UnitRates; refused: string[] }> {
  const { card, policy, rehearsal, seed, budgetMs, signal, now } = context;
  const names = Object.keys(UNITS);
  const held: { name: string; handle: number; shape: Shape; ns: number[] }[] = [];
  const refused: string[] = [];
  const end = now() + budgetMs;
  try {
    for (const [handle, name] of names.entries()) {
      if (signal.aborted) break;
      const shape = (UNITS[name] as (rehearsal: boolean) => Shape)(rehearsal);
      const prepared = await prepare(card, name, shape, handle, { seed, budgetMs });
      if (prepared.status === 'ready') held.push({ name, handle, shape, ns: [] });
      else refused.push(`${name}: ${prepared.reasons.map(({ detail }) => detail).join('; ')}`);
      context.progress((0.5 * (handle + 1)) / names.length, `prepared ${name}`);
    }
    for (let round = 0; round < policy.signature.rounds && !signal.aborted; round++) {
      // The first round is needed whatever it takes.
      if (round > 0 && now() > end) break;
      for (const one of held) {
        const params = { handle: one.handle, samples: SAMPLES };
        const { samplesNs, reasons } = await card.worker.call('round', params, CALL_TIMEOUT_MS);
        // A wrong result has no rate.
        if (reasons.length > 0) refused.push(`${one.name}: ${reasons.map(({ detail }) => detail).join('; ')}`);
        else one.ns.push(...samplesNs);
      }
      context.progress(0.5 + (0.5 * (round + 1)) / policy.signature.rounds, `round ${round + 1}`);
    }
  } finally {
    await releaseAll(card, held);
  }
  const rateOf = (name: string): number | null => {
    const one = held.find((unit) => unit.name === name);
    return one && one.ns.length > 0 ? (1e9 * findKernel(name).work(one.shape).operations) / median(one.ns) : null;
  };
  return { rates: Object.fromEntries(names.map((name) => [name, rateOf(name)])), refused };
}

function prepare(
  card: Card,
  name: string,
  shape: Shape,
  handle: number,
  { seed, budgetMs }: { seed: number; budgetMs: number },
): Promise<Prepared> {
  const params = {
    ...{
      handle,
      kernel: name,
      shape: { ...shape },
      implementation: `assay/${findKernel(name).defaultVariant}`,
      tuning: {},
    },
    // A prepared kernel's seeds are signed nowhere: any two neighbours do.
    ...{ seeds: [seed % 2 ** 31, (seed % 2 ** 31) + 1] as [number, number], rotationBytes: 0, maxInputSets: 2 },
    ...{ budgetMs: Math.max(budgetMs, 1000), pilotSlack: 4, minExecutions: 10, warmup: { executions: 3, ms: 50 } },
  };
  return card.worker.call('prepare', params, PREPARE_TIMEOUT_MS);
}

/** One unit's rate over another's; null where either has none. */
const ratioIn = (rates: UnitRates) => (top: string, bottom: string) => {
  const [a, b] = [rates[top] ?? null, rates[bottom] ?? null];
  return a === null || b === null || b === 0 ? null : a / b;
};

/** Ratios as the reference signatures have them. */
export function ratiosOf(rates: UnitRates): MeasuredRatios {
  const over = ratioIn(rates);
  return {
    fmaToMulAdd: over('fma-f32', 'mul-add-f32'),
    f32ToInt: over('mul-add-f32', 'int-add'),
    dot4ToInt: over('dot4-i8', 'int-add'),
    matrixToFma: over('matrix-f16', 'fma-f32'),
    linkBytesPerS: rates.upload ?? null,
  };
}

const CODES: Readonly<Record<SignatureRatio, CheckReasonCode>> = {
  fmaToMulAdd: 'restricted-fma',
  f32ToInt: 'restricted-f32',
  dot4ToInt: 'restricted-dot4',
  matrixToFma: 'restricted-matrix',
  linkBytesPerS: 'restricted-link',
};
/** Without these nothing can be said of a card. */
const NEEDED: readonly SignatureRatio[] = ['fmaToMulAdd', 'f32ToInt'];

/** What the rates say of the card. Pure. @param refused units without a rate, and why */
export function judgeSignature(
  rates: UnitRates,
  refused: readonly string[],
  { policy, rehearsal }: { readonly policy: Pick<Policy, 'signature'>; readonly rehearsal: boolean },
): CheckOutcome {
  const ratios = ratiosOf(rates);
  const { restricted, fits } = classifySignature(ratios);
  const over = ratioIn(rates);
  const figures = {
    ...ratios,
    dot4ToManual: manualRatio(rates),
    ...{ f16ToF32: over('fma-f16', 'fma-f32'), fmaToCopyBytes: over('fma-f32', 'copy') },
    ...Object.fromEntries(Object.entries(rates).map(([name, rate]) => [`${camel(name)}PerS`, rate])),
  };
  const models = fits.map(({ name }) => name);
  const evidence = { restricted, fits: models, refused };
  if (rehearsal) return { status: 'inconclusive', reasons: [{ code: 'rehearsal', detail: '' }], figures, evidence };
  const missing = NEEDED.filter((name) => ratios[name] === null);
  const reasons: CheckOutcome['reasons'] = restricted.map((name) => ({
    code: CODES[name],
    detail: `${SIGNATURE_RATIOS[name]}: ${(ratios[name] as number).toPrecision(3)}; fits ${models.join(', ') || 'no model known here'}`,
  }));
  if (missing.length > 0)
    reasons.push({ code: 'signature-unmeasured', detail: `${missing.join(', ')}; ${refused.join('; ')}` });
  // A slow link alone is the link check's to judge: it is a riser's as well.
  const arithmetic = restricted.some((name) => name !== 'linkBytesPerS');
  const status = arithmetic
    ? policy.signature.restricted
    : missing.length > 0
      ? 'inconclusive'
      : restricted.length > 0
        ? 'warn'
        : 'pass';
  return { status, reasons, figures, evidence };
}

/** dot4I8Packed against four multiplications and four additions: above 1 it is worth using. */
function manualRatio(rates: UnitRates): number | null {
  const [dot, add, mul] = ['dot4-i8', 'int-add', 'int-mul'].map((name) => rates[name] ?? null);
  if (!dot || !add || !mul) return null;
  return dot / 8 / (1 / (4 / mul + 4 / add));
}

const camel = (name: string) => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
