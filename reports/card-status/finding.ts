import type { CheckReasonCode } from '../check-codes.js';
import type { Check } from '../schema.js';

/**
 * What a check has to say. A `note` is told and changes nothing; `inconclusive`: what was to be found out cannot be
 * said; `warn`: whoever buys should know; `fail`: the card is at fault, or is not what it says.
 */
export interface Finding {
  readonly code: CheckReasonCode;
  readonly weight: 'note' | 'warn' | 'inconclusive' | 'fail';
  readonly detail: string;
}

export const finding = (weight: Finding['weight'], code: CheckReasonCode, detail: string): Finding => ({
  ...{ code, weight, detail },
});

/** The heaviest finding decides. What could not be found out outweighs a warning, which is told all the same. */
export function statusOf(findings: readonly Finding[]): Exclude<Check['status'], 'skipped'> {
  const has = (weight: Finding['weight']) => findings.some((one) => one.weight === weight);
  if (has('fail')) return 'fail';
  if (has('inconclusive')) return 'inconclusive';
  return has('warn') ? 'warn' : 'pass';
}

/** As a check's outcome has them, the heaviest first. */
export function reasonsOf(findings: readonly Finding[]): { code: CheckReasonCode; detail: string }[] {
  const order: readonly Finding['weight'][] = ['fail', 'inconclusive', 'warn', 'note'];
  return order.flatMap((weight) =>
    findings.filter((one) => one.weight === weight).map(({ code, detail }) => ({ code, detail })),
  );
}

/** What a pure judgement answers: a check's outcome with the weights still to be seen. */
export interface Judged {
  readonly findings: readonly Finding[];
  readonly figures: Record<string, number | null>;
  readonly evidence: Record<string, unknown>;
}

export const outcomeOf = ({ findings, figures, evidence }: Judged) => ({
  ...{ status: statusOf(findings), reasons: reasonsOf(findings), figures, evidence },
});
