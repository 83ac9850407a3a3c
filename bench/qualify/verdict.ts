import { checkSentence } from '../../reports/check-codes.js';
import type { Check, Device } from '../../reports/schema.js';
import type { Grade, Overall, Verdict } from '../../reports/verdict.js';
import type { Policy } from './policy.js';
import { CHECK_IDS, type CheckId, type Level } from './step.js';
import { aiVerdict, miningVerdict } from './suitability.js';

export interface VerdictInput {
  /** Those that have ended. */
  readonly checks: readonly Check[];
  readonly device: Device;
  readonly policy: Policy;
  readonly level: Level;
  readonly fault: string | null;
  readonly challenge: string | null;
  /** Set by whoever stopped it. */
  readonly interrupted: boolean;
  /** Which epoch a network has depends on it. */
  readonly now: Date;
}

/** What a qualification comes to. Pure: the same checks under the same policy give the same verdict. */
export function verdictOf(input: VerdictInput): Verdict {
  const { checks, device, policy, level, fault, challenge, now } = input;
  const { overall, because } = overallOf(input);
  const grounds = { checks, device, policy, now };
  return {
    overall,
    grade: overall === 'PASS' ? gradeOf(checks, policy) : null,
    because,
    mining: miningVerdict(grounds),
    ai: aiVerdict(grounds),
    policy,
    level,
    rehearsal: device.software || fault !== null,
    fault,
    challenge,
  };
}

type Question = Pick<VerdictInput, 'checks' | 'policy' | 'level' | 'interrupted'> & {
  readonly device: Pick<Device, 'software'>;
};

/**
 * FAIL when a check failed. Else INCONCLUSIVE when a needed check has no answer, one that may only be skipped was begun
 * without coming to one, or the qualification did not finish. Else PASS.
 */
export function overallOf({ checks, policy, level, interrupted, device }: Question): {
  overall: Overall;
  because: string[];
} {
  const failed = checks.filter(({ status }) => status === 'fail');
  if (failed.length > 0) return { overall: 'FAIL', because: failed.map(why) };
  const needed = policy.verdict.needed[device.software ? 'rehearsal' : level];
  const open = CHECK_IDS.flatMap((id) => {
    const check = checks.find((one) => one.id === id);
    if (needed.includes(id)) {
      if (!check) return [`${id}: needed at this level, and not made`];
      return check.status === 'skipped' || check.status === 'inconclusive' ? [why(check)] : [];
    }
    return check?.status === 'inconclusive' && policy.verdict.mayBeSkipped.includes(id) ? [why(check)] : [];
  });
  if (interrupted) open.push('the qualification did not finish');
  if (open.length > 0) return { overall: 'INCONCLUSIVE', because: open };
  return { overall: 'PASS', because: checks.filter(({ status }) => status === 'warn').map(why) };
}

function why({ id, status, reasons }: Check): string {
  const [first] = reasons;
  if (!first) return `${id}: ${status}`;
  return `${id} ${status}: ${checkSentence(first.code)}${first.detail && ` (${first.detail})`}`;
}

/** The first row of the policy's table that the card fits; D for whatever passes. */
export function gradeOf(checks: readonly Check[], policy: Policy): Grade {
  const warnings = checks.filter(({ status }) => status === 'warn').length;
  const row = policy.verdict.grades.find(
    ({ mostWarnings, atLeast }) =>
      warnings <= mostWarnings &&
      Object.entries(atLeast).every(([name, least]) => (figureOf(checks, name) ?? -Infinity) >= least),
  );
  return row?.grade ?? 'D';
}

function figureOf(checks: readonly Check[], name: string): number | null {
  const [id, figure] = name.split('.') as [CheckId, string];
  return checks.find((check) => check.id === id)?.figures[figure] ?? null;
}
