import colours from 'picocolors';
import type { Check, CheckComparison, CheckVerdict } from '../../reports/check.js';
import { adviceOf, seenIn, unconfirmedWords, whyOf, withVerdict } from '../../reports/formats/check/words.js';
import {
  type ComparisonRow,
  comparisonTable,
  NONE,
  type Paint,
  section,
} from '../../reports/formats/comparison-table.js';
import { printable, wrapIndented } from '../../reports/formats/layout.js';
import { namesByText } from '../../reports/groups.js';
import { explainReason, reasonLabel } from '../../reports/reasons.js';
import { formatPercent, formatRate } from '../../reports/units.js';

const HEAD = ['variant', 'before', 'now', 'now\u00a0÷\u00a0before', 'verdict'] as const;
const LEAST_WIDTH = 60;
const MOST_WIDTH = 100;

/** What a check found, for people: a table, what changed, what is wrong, and the answer. */
export function renderCheck(check: Check, width: number, colour: boolean): string {
  const paint = colours.createColors(colour);
  const room = Math.min(MOST_WIDTH, Math.max(LEAST_WIDTH, width));
  const { comparisons } = check;
  const shown = comparisons.filter(({ verdict }) => verdict !== 'skipped');
  const sections = [
    shown.length > 0
      ? comparisonTable(
          HEAD,
          shown.map((one) => rowOf(one, paint)),
          room,
          paint,
        )
      : 'Nothing was compared.',
    ...[wrong, lost, unconfirmed, changed, gone, fixed, fresh, skipped].map((section) => section(check, room, paint)),
    conclusion(check, room, paint),
  ];
  return `${sections.filter((text) => text !== null).join('\n\n')}\n`;
}

function rowOf(one: CheckComparison, paint: Paint): ComparisonRow {
  const { workload, variant, before, now, ratio, verdict, ended, identical } = one;
  const rate = (side: CheckComparison['now']) => (side.rate ? formatRate(side.rate) : NONE);
  // Fewer rounds than the first look asks for say nothing.
  const untried = verdict === 'ambiguous' && ratio === null && ended !== 'rounds-used-up';
  return {
    ...{ workload, name: variant, sides: [rate(before), rate(now)], ratio },
    verdict: identical ? 'same\u00a0program' : untried ? 'no\u00a0time' : verdict,
    paint: paintOf(verdict, paint),
  };
}

function paintOf(verdict: CheckVerdict, paint: Paint): (text: string) => string {
  if (verdict === 'slower' || verdict === 'incorrect') return paint.red;
  if (verdict === 'faster' || verdict === 'fixed') return paint.green;
  return ['ambiguous', 'changed', 'gone'].includes(verdict) ? paint.yellow : (text) => text;
}

const nameOf = ({ workload, variant }: CheckComparison) => `${workload} ${variant}`;

const wrong = (check: Check, room: number, paint: Paint) =>
  section(
    'Wrong',
    withVerdict(check, 'incorrect').map((c) => `${nameOf(c)}: ${adviceOf(c)?.plain}`),
    room,
    paint,
  );

/** The process that owns the card ended while it was at them. */
function lost(check: Check, room: number, paint: Paint): string | null {
  const lines = withVerdict(check, 'ambiguous').flatMap((c) =>
    (['before', 'now'] as const).flatMap((side) =>
      c[side].status !== 'correct' && c[side].reasons.length > 0
        ? [`${nameOf(c)}: ${whyOf(c[side], `${side}: `).plain}`]
        : [],
    ),
  );
  return section('Lost', lines, room, paint);
}

/** One process showed a change; what a fresh one showed. */
function unconfirmed(check: Check, room: number, paint: Paint): string | null {
  const lines = withVerdict(check, 'ambiguous').flatMap((c) => {
    if (c.ended !== 'not-confirmed' && c.ended !== 'no-time-to-confirm') return [];
    return [`${nameOf(c)}: ${unconfirmedWords(c)}`];
  });
  return section('A change that was not confirmed', lines, room, paint);
}

const fixed = (check: Check, room: number, paint: Paint) =>
  section(
    'Wrong before, right now',
    withVerdict(check, 'fixed').map((c) => `${nameOf(c)}: ${whyOf(c.before, 'before: ').plain}`),
    room,
    paint,
  );

/** One line for each difference, whatever number of variants and workloads it concerns. */
function changed(check: Check, room: number, paint: Paint): string | null {
  const said = withVerdict(check, 'changed').flatMap((c) =>
    (c.changes.length > 0 ? c.changes.map(({ detail }) => detail) : [whyOf(c.before).plain]).map(
      (what) => [what, nameOf(c)] as const,
    ),
  );
  const lines = [...namesByText(said)].map(([what, names]) => `${listed(names)}: ${what}`);
  return section('Changed, so not compared', lines, room, paint);
}

function gone(check: Check, room: number, paint: Paint): string | null {
  const lines = withVerdict(check, 'gone').map((c) => {
    const [reason] = c.now.reasons;
    return `${nameOf(c)}${reason ? `: ran before and does not now. ${explainReason(reason)}` : ''}`;
  });
  return section('Gone', [...lines, ...check.vanished], room, paint);
}

const fresh = (check: Check, room: number, paint: Paint) =>
  section('New, verified and not compared', withVerdict(check, 'new').map(nameOf), room, paint);

function skipped(check: Check, room: number, paint: Paint): string | null {
  const said = withVerdict(check, 'skipped').map((c) => {
    const [reason] = c.now.reasons;
    return [reason ? reasonLabel(reason.code) : 'not tried', nameOf(c)] as const;
  });
  return section(
    'Skipped on both sides',
    [...namesByText(said)].map(([why, names]) => `${why}: ${listed(names)}`),
    room,
    paint,
  );
}

const SHOWN_NAMES = 4;
const listed = (names: readonly string[]) =>
  names.length <= SHOWN_NAMES
    ? names.join(', ')
    : `${names.slice(0, SHOWN_NAMES).join(', ')} and ${names.length - SHOWN_NAMES} more`;

/** The answer in a sentence or two, with the next step. */
function conclusion(check: Check, room: number, paint: Paint): string {
  const { comparisons, settings, stopped, exitCode, device } = check;
  const count = (...verdicts: CheckVerdict[]) => comparisons.filter((c) => verdicts.includes(c.verdict)).length;
  const parts = (
    ['incorrect', 'slower', 'faster', 'same', 'ambiguous', 'changed', 'gone', 'new', 'fixed'] as const
  ).flatMap((verdict) => (count(verdict) > 0 ? [`${count(verdict)} ${verdict}`] : []));
  const sentences = [
    `${parts.length > 0 ? parts.join(', ') : 'nothing compared'}.`,
    `Faster and slower are said of changes beyond ±${formatPercent(settings.minEffect)}, all of them together right with ${formatPercent(settings.confidence)} probability, ${seenIn(check)}.`,
  ];
  if (count('ambiguous') > 0) sentences.push(ambiguousStep(check));
  if (device.software && !check.against.result)
    sentences.push('This is a software adapter: the verdicts are about this processor and say nothing about hardware.');
  sentences.push(...check.warnings);
  if (stopped)
    sentences.unshift(
      exitCode === 130
        ? 'Interrupted: what was found so far is above.'
        : `The worker died (${printable(stopped.detail)}).`,
    );
  const colour = exitCode === 0 ? paint.green : exitCode === 1 ? paint.red : paint.yellow;
  return wrapIndented(sentences.join(' '), room, 0)
    .split('\n')
    .map((line, i) => (i === 0 ? colour(line) : line))
    .join('\n');
}

function ambiguousStep({ comparisons, against, exitCode }: Check): string {
  if (exitCode === 130) return 'What is ambiguous was not finished: run it again.';
  if (against.result) return 'For ambiguous ones check against the revision itself, which is measured in turns.';
  const enough = ['rounds-used-up', 'not-confirmed'];
  const out = comparisons.some((c) => c.verdict === 'ambiguous' && !enough.includes(c.ended ?? ''));
  return out
    ? 'For ambiguous ones raise --budget, name fewer workloads, or close other programs.'
    : 'For ambiguous ones close other programs, raise --rounds, or ask for a larger --min-effect.';
}
