import type { Check, CheckComparison } from '../../check.js';
import { explainReason } from '../../reasons.js';
import { formatRate } from '../../units.js';
import { junitProperties } from '../junit.js';
import { type JunitCase, type JunitSuite, junitXml } from '../junit-xml.js';
import type { CheckExporter } from './exporter.js';
import { adviceOf, answerOf, BAD, IS_GONE, OPEN, ratioText, verdictWord } from './words.js';

/**
 * JUnit XML of a check: a suite for each workload, a test case for each variant. Slower and incorrect are failures. What
 * cannot be said, or not compared, is one too, unless the check was told to let it pass: then it is skipped, as what
 * runs on neither side is. A suite `check` holds what concerns no variant, so that a file without failures is a check
 * that ended with 0.
 */
export const checkJunitExporter: CheckExporter = {
  name: 'junit',
  extension: 'xml',
  render: (check) => {
    const properties = {
      ...junitProperties(check),
      ...{
        against: `${check.against.ref} ${check.against.commit ?? check.against.result?.id ?? ''}`,
        now: check.now.commit ?? 'no commit yet',
      },
      'uncommitted files': String(check.now.uncommitted.length),
      'least effect': String(check.settings.minEffect),
    };
    const suite = (name: string, cases: readonly JunitCase[]): JunitSuite => ({
      ...{ name, timestamp: check.startedAt, properties, cases },
    });
    const byWorkload = new Map<string, JunitCase[]>();
    for (const one of check.comparisons)
      byWorkload.set(one.workload, [...(byWorkload.get(one.workload) ?? []), caseOf(one, check)]);
    const whole = wholeCases(check);
    return junitXml(`assay check ${check.settings.suite}`, [
      ...(whole.length > 0 ? [suite('check', whole)] : []),
      ...[...byWorkload].map(([workload, cases]) => suite(workload, cases)),
    ]);
  },
};

const openKind = ({ settings }: Check) => (settings.ambiguous === 'fail' ? 'failure' : 'skipped');

function caseOf(one: CheckComparison, check: Check): JunitCase {
  const { workload, variant, verdict, ratio } = one;
  const kind = BAD.includes(verdict)
    ? 'failure'
    : OPEN.includes(verdict)
      ? openKind(check)
      : verdict === 'skipped'
        ? 'skipped'
        : null;
  const figures = figuresOf(one);
  const advice = adviceOf(one)?.plain ?? null;
  const word = verdictWord(one);
  const text = [kind === null ? word : null, figures, advice].filter((line) => line !== null).join('\n');
  const message = `${word}${ratio ? `: now ÷ before ${ratioText(ratio)}` : advice ? `: ${advice}` : ''}`;
  return {
    ...{ name: variant, suite: workload, seconds: null },
    ...{ outcome: kind && { kind, type: verdict, message }, text: text.replaceAll('\u00a0', ' ') },
  };
}

/** `now ÷ before 0.940 (0.931 to 0.950), 10 rounds, GPU's clock; 4.61 MH/s before, 4.33 MH/s now`. */
function figuresOf({ ratio, rounds, clock, before, now }: CheckComparison): string | null {
  if (!ratio) return null;
  const rate = (side: CheckComparison['now']) => (side.rate ? formatRate(side.rate) : 'no rate');
  const whose = clock === 'gpu' ? 'the GPU’s clock' : 'the host’s clock';
  return `now ÷ before ${ratioText(ratio)}, ${rounds} rounds on ${whose}; ${rate(before)} before, ${rate(now)} now`;
}

/** What concerns the check as a whole: one that stopped, found nothing to compare, or misses what was there. */
function wholeCases(check: Check): JunitCase[] {
  const { stopped, comparisons, vanished, exitCode } = check;
  const whole = (name: string, kind: 'error' | 'failure' | 'skipped', type: string, message: string, text: string) => ({
    ...{ name, suite: 'check', seconds: null, outcome: { kind, type, message }, text },
  });
  const cases: JunitCase[] = vanished.map((name) => whole(name, openKind(check), 'gone', `gone: ${name}`, IS_GONE));
  if (stopped) cases.push(whole('ends', 'error', stopped.code, answerOf(check), explainReason(stopped)));
  else if (exitCode === 5) cases.push(whole('ends', 'error', 'worker-died', answerOf(check), ''));
  else if (comparisons.every(({ verdict }) => verdict === 'skipped'))
    cases.push(whole('compares something', 'failure', 'nothing-compared', answerOf(check), ''));
  return cases;
}
