import type { Check, CheckComparison, CheckSide, CheckVerdict } from '../../check.js';
import { explainReason, reasonLabel } from '../../reasons.js';

/** What every format of a check says in the same words. */

/** What keeps a check from a whole answer. */
export const OPEN: readonly CheckVerdict[] = ['ambiguous', 'gone', 'changed'];
/** What is a no, whatever the others are. */
export const BAD: readonly CheckVerdict[] = ['incorrect', 'slower'];

export const withVerdict = ({ comparisons }: Check, ...verdicts: readonly CheckVerdict[]): CheckComparison[] =>
  comparisons.filter(({ verdict }) => verdicts.includes(verdict));

/** The verdict for a table's cell. `no time`: there was none for the least number of rounds. */
export function verdictWord({ verdict, identical, ratio, ended, before, now }: CheckComparison): string {
  if (identical) return 'same program';
  const lost = before.reasons.length + now.reasons.length > 0;
  return verdict === 'ambiguous' && ratio === null && ended !== 'rounds-used-up' && !lost ? 'no time' : verdict;
}

/** What `faster` and `slower` rest on besides their probability. */
export function seenIn({ against, settings }: Check): string {
  if (against.result) return 'the time between the two set aside';
  return settings.processes === 1 ? 'and seen in two processes' : `over ${settings.processes} processes`;
}

/** What one process showed and what a fresh one did. */
export const unconfirmedWords = ({ processes, ended }: CheckComparison): string =>
  ended === 'no-time-to-confirm'
    ? 'a change was seen, and no time was left for a fresh process to confirm it: raise `--budget`'
    : `${processes.map(({ ratio }) => ratio.toFixed(3)).join(', then ')} in a fresh process, so it was the process and not the kernel, or chance`;

/** What happened and what to do about it. */
export interface Advice {
  /** Fixed words alone: safe as Markdown, with code between backticks. */
  readonly prose: string;
  /** What adapters and kernels said, in whatever characters. */
  readonly details: readonly string[];
  /** Both, as plain text. */
  readonly plain: string;
}

const fixed = (prose: string): Advice => ({ prose, details: [], plain: prose });

/** Why a side was refused; its status where it gave no reason. */
export function whyOf({ reasons, status }: CheckSide, before = ''): Advice {
  const [reason] = reasons;
  if (!reason) return fixed(`${before}${status}`);
  const { code, detail } = reason;
  const label = `${before}${reasonLabel(code)}: `;
  return {
    ...{ prose: label + explainReason({ code, detail: '' }), details: detail === '' ? [] : [detail] },
    plain: label + explainReason(reason),
  };
}

/** Null for a verdict that is simply an answer. */
export function adviceOf(one: CheckComparison): Advice | null {
  const { verdict, ended, before, now, changes } = one;
  switch (verdict) {
    case 'ambiguous':
      if (now.reasons.length > 0) return whyOf(now, 'Lost. ');
      if (before.reasons.length > 0) return whyOf(before, 'Lost, before: ');
      if (ended === 'not-confirmed' || ended === 'no-time-to-confirm') return fixed(unconfirmedWords(one));
      return fixed(
        ended === 'rounds-used-up'
          ? 'All rounds are used up and the interval still reaches over the bound: close other programs, raise `--rounds`, or ask for a larger `--min-effect`.'
          : 'There was no time for more rounds: raise `--budget`, name fewer workloads, or close other programs.',
      );
    case 'incorrect': {
      const why = whyOf(now);
      if (before.status !== 'correct') return why;
      return { ...why, prose: `${RIGHT_BEFORE} ${why.prose}`, plain: `${RIGHT_BEFORE} ${why.plain}` };
    }
    case 'fixed':
      return whyOf(before, 'Before: ');
    case 'changed': {
      if (changes.length === 0) return whyOf(before, 'Not compared. ');
      const details = changes.map(({ detail }) => detail);
      const prose = 'The two revisions do not declare the same work, so they are not compared.';
      return { prose, details, plain: `${prose} ${details.join('; ')}` };
    }
    case 'gone':
      return now.reasons.length > 0 ? whyOf(now, 'Ran before and does not now. ') : fixed(IS_GONE);
    case 'skipped':
      return whyOf(now.reasons.length > 0 ? now : before);
    default:
      return null;
  }
}

/** Where the change is the obvious suspect. */
const RIGHT_BEFORE = 'The other revision is right on this card, so look at what changed.';
export const IS_GONE = 'The other revision has it, and this one has not.';

const ORDER = [
  'incorrect',
  'slower',
  'faster',
  'same',
  'ambiguous',
  'changed',
  'gone',
  'new',
  'fixed',
  'skipped',
] as const;

/** `1 incorrect, 2 same`; empty where nothing was compared. */
export function countsOf(check: Check): string {
  return ORDER.flatMap((verdict) => {
    const { length } = withVerdict(check, verdict);
    return length > 0 ? [`${length} ${verdict}`] : [];
  }).join(', ');
}

/** The answer in one line, without a full stop. */
export function answerOf(check: Check): string {
  const { exitCode, stopped, vanished, comparisons } = check;
  const many = (...verdicts: CheckVerdict[]) => withVerdict(check, ...verdicts).length;
  const said = (parts: readonly (readonly [number, string])[]) =>
    parts.flatMap(([count, word]) => (count > 0 ? [`${count} ${word}`] : [])).join(', ');
  if (stopped?.code === 'interrupted') return 'Interrupted: no whole answer';
  if (exitCode === 5) return 'The process that drives the card ended: no whole answer';
  const bad = said([
    [many('incorrect'), 'incorrect'],
    [many('slower'), 'slower'],
  ]);
  if (bad !== '') return `No: ${bad} of ${comparisons.length}`;
  if (comparisons.every(({ verdict }) => verdict === 'skipped')) return 'No answer: nothing could be compared';
  const open = said([
    [many('ambiguous'), 'ambiguous'],
    [many('changed'), 'changed'],
    [many('gone') + vanished.length, 'gone'],
  ]);
  if (open !== '' && exitCode !== 0) return `No whole answer: ${open}`;
  const faster = many('faster');
  const good = `${faster > 0 ? `${faster} faster, ` : ''}none slower, none incorrect`;
  return open === '' ? `Yes: ${good}` : `Yes, with reservations: ${good}, but ${open}`;
}

/** `0.940 (0.931 to 0.950)`: three digits, four above one, where a percent matters. */
export function ratioText({ value, low, high }: { value: number; low: number; high: number }): string {
  const [middle, from, to] = [value, low, high].map((x) => (x >= 10 || x < 0.1 ? x.toPrecision(3) : x.toFixed(3)));
  return `${middle} (${from} to ${to})`;
}
