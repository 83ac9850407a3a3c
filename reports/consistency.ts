import type { z } from 'zod';
import { isNote, type ReasonCode } from './codes.js';

/** What no single field can say: a number is never shown without a status that carries it. */
export function statusMatchesContents(
  m: {
    status: 'valid' | 'unreliable' | 'failed' | 'skipped';
    rate: unknown;
    summary: unknown;
    versusBaseline: unknown;
    correctness: { status: string };
    rounds?: { samplesNs: number[] }[];
    reasons: { code: ReasonCode }[];
  },
  ctx: z.RefinementCtx,
): void {
  const refuse = (field: string, message: string) => ctx.addIssue({ code: 'custom', path: [field], message });
  if (m.status === 'valid' || m.status === 'unreliable') {
    if (m.summary === null) refuse('summary', `an object, because the status is ${m.status}`);
    if (m.rounds && !m.rounds.some((round) => round.samplesNs.length > 0))
      refuse('rounds', `at least one round with samples, because the status is ${m.status}`);
    if (m.rate === null) refuse('rate', `an object, because the status is ${m.status}`);
    if (m.correctness.status !== 'correct')
      refuse('correctness', `a correct output, because the status is ${m.status}`);
  } else {
    if (m.rate !== null) refuse('rate', `null, because the status is ${m.status}`);
    if (m.versusBaseline !== null) refuse('versusBaseline', `null, because the status is ${m.status}`);
  }
  const faulted = m.reasons.some(({ code }) => !isNote(code));
  if (m.status === 'valid' && faulted) refuse('reasons', 'only notes, because the status is valid');
  if (m.status !== 'valid' && !faulted) refuse('reasons', `the reason why the status is ${m.status}`);
}
