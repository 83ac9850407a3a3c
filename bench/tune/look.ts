import type { Variant } from '../../kernels/declaration.js';
import type { ReasonCode } from '../../reports/schema.js';
import { median } from '../../reports/statistics/index.js';
import { EXECUTIONS_BEFORE_ROUNDS } from '../run/settings.js';
import { type Arena, isRefused, type Refused } from './arena.js';
import type { Candidate } from './card-arena.js';
import type { Costs } from './rungs.js';
import { WARMUP_EXECUTIONS } from './settings.js';
import { defaultOf, spaceSize } from './space.js';

export type AnyVariant = Variant<unknown, unknown>;

/** A variant with its default as it was first seen. */
export interface Look {
  readonly variant: AnyVariant;
  readonly candidate: Candidate;
  readonly refusal: Refused | null;
  /** Nanoseconds of one execution; null without a round. */
  readonly ns: number | null;
  readonly costs: Costs;
  readonly deviceBytes: number;
}

/** An arena that knows what is held on the device. */
export type LookArena = Arena<Candidate> & { deviceBytes(candidate: Candidate): number };

const LOOK_ROUNDS = 2;
const TOO_BIG: readonly ReasonCode[] = ['too-slow-for-adapter', 'exceeds-limit', 'out-of-memory'];

export const implementationOf = ({ id }: AnyVariant) => `assay/${id}`;
export const isTunable = ({ tuning }: AnyVariant) => spaceSize(tuning ?? {}) > 1;

/**
 * Verifies and times a variant's default: what a configuration costs here, and where the time is best spent.
 * @param before a look at another shape, which has verified the odd shapes already: that is part of the cost
 */
export async function lookAtDefault(arena: LookArena, variant: AnyVariant, before: Look | null): Promise<Look> {
  const candidate = { implementation: implementationOf(variant), tuning: defaultOf(variant.tuning ?? {}) };
  const start = arena.now();
  let refusal = await arena.prepare(candidate);
  const took = arena.now() - start;
  const times: number[] = [];
  for (let i = 0; i < LOOK_ROUNDS && !refusal; i++) {
    const taken = await arena.round(candidate);
    if (isRefused(taken)) refusal = taken;
    else times.push(...taken.samplesNs);
  }
  const roundMs = (arena.now() - start - took) / LOOK_ROUNDS;
  const deviceBytes = arena.deviceBytes(candidate);
  await arena.release(candidate);
  const ns = refusal || times.length === 0 ? null : median(times);
  const costs = { prepareMs: took + (before ? oddShapesMs(before) : 0), roundMs };
  return { variant, candidate, refusal, ns, costs, deviceBytes };
}

/** Of a preparation what does not depend on the shape: what the shape's own executions took is not part of it. */
function oddShapesMs({ costs, ns }: Look): number {
  const executions = EXECUTIONS_BEFORE_ROUNDS + WARMUP_EXECUTIONS;
  return Math.max(0, costs.prepareMs - ((ns ?? 0) * executions) / 1e6);
}

const refusedFor = ({ refusal }: Look, codes: readonly ReasonCode[]) =>
  refusal?.reasons.some(({ code }) => codes.includes(code)) ?? false;

/** Too slow to be compared with anything: whatever beat it would not have been shown to. */
export const isTooSlow = (look: Look) => refusedFor(look, ['too-slow-for-adapter']);
/** A smaller shape might do. */
export const isTooBig = (look: Look) => refusedFor(look, TOO_BIG);
/** Refused by its plan, before anything ran. */
export const exceedsLimit = (look: Look) => refusedFor(look, ['exceeds-limit']);
/** No shape would do. */
export const isOutAnyway = (look: Look) => refusedFor(look, ['missing-feature']);

/** Shares of the time: a variant whose default is twice as slow as another's gets half of what that one gets. */
export function weightOf(look: Look, looks: readonly Look[]): number {
  const best = Math.min(...looks.filter(({ variant }) => isTunable(variant)).map(({ ns }) => ns ?? Infinity));
  if (!Number.isFinite(best)) return 1;
  return look.ns === null ? 0.1 : Math.max(0.1, best / look.ns);
}
