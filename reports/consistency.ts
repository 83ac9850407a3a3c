import type { z } from 'zod';
import { isNote, type ReasonCode } from './codes.js';

type Refuse = (field: string, message: string) => void;

/** The one exception: another program's figure, whose output nobody here saw. It is neither checked nor compared, and never ours. */
function notVerified(
  m: { implementation: string; ceiling: unknown; versusBaseline: unknown; correctness: { status: string } },
  refuse: Refuse,
): void {
  if (m.implementation.startsWith('assay/'))
    refuse('reasons', 'no not-verified, because what is ours is always verified');
  if (m.correctness.status !== 'not-checked') refuse('correctness', 'not-checked, because a reason is not-verified');
  if (m.versusBaseline !== null) refuse('versusBaseline', 'null, because a reason is not-verified');
  if (m.ceiling !== null) refuse('ceiling', 'null, because a reason is not-verified');
}

/** What no single field can say: a number is never shown without a status that carries it. */
export function statusMatchesContents(
  m: {
    implementation: string;
    status: 'valid' | 'unreliable' | 'failed' | 'skipped';
    rate: unknown;
    ceiling: unknown;
    summary: unknown;
    versusBaseline: unknown;
    correctness: { status: string };
    rounds?: { samplesNs: number[] }[];
    reasons: { code: ReasonCode }[];
  },
  ctx: z.RefinementCtx,
): void {
  const refuse: Refuse = (field, message) => ctx.addIssue({ code: 'custom', path: [field], message });
  const unverified = m.reasons.some(({ code }) => code === 'not-verified');
  if (m.status === 'valid' || m.status === 'unreliable') {
    if (m.summary === null) refuse('summary', `an object, because the status is ${m.status}`);
    if (m.rounds && !m.rounds.some((round) => round.samplesNs.length > 0))
      refuse('rounds', `at least one round with samples, because the status is ${m.status}`);
    if (m.rate === null) refuse('rate', `an object, because the status is ${m.status}`);
    if (unverified) notVerified(m, refuse);
    else if (m.correctness.status !== 'correct')
      refuse('correctness', `a correct output, because the status is ${m.status}`);
  } else {
    if (unverified) refuse('reasons', `no not-verified, because the status is ${m.status}`);
    if (m.rate !== null) refuse('rate', `null, because the status is ${m.status}`);
    if (m.versusBaseline !== null) refuse('versusBaseline', `null, because the status is ${m.status}`);
  }
  const faulted = m.reasons.some(({ code }) => !isNote(code));
  if (m.status === 'valid' && faulted) refuse('reasons', 'only notes, because the status is valid');
  if (m.status !== 'valid' && !faulted) refuse('reasons', `the reason why the status is ${m.status}`);
}

/** A comparison stands on two verified sides. */
export function peersAreVerified(
  measurements: readonly {
    workload: string;
    implementation: string;
    versusBaseline: { peer: string } | null;
    reasons: readonly { code: ReasonCode }[];
  }[],
  ctx: z.RefinementCtx,
): void {
  const key = (workload: string, implementation: string) => JSON.stringify([workload, implementation]);
  const unverified = new Set(
    measurements
      .filter(({ reasons }) => reasons.some(({ code }) => code === 'not-verified'))
      .map((m) => key(m.workload, m.implementation)),
  );
  for (const [i, { workload, versusBaseline }] of measurements.entries())
    if (versusBaseline && unverified.has(key(workload, versusBaseline.peer)))
      ctx.addIssue({
        ...{ code: 'custom', path: [i, 'versusBaseline', 'peer'] },
        message: 'a verified baseline, for nothing is compared with a figure that was not',
      });
}
