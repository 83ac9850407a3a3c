import type { History, HistoryCard, HistoryChange, HistoryRun, HistorySeries } from './history-schema.js';
import { shortCommit } from './history-suspects.js';
import { formatRate, formatRatio } from './units.js';

/** What the table and the page both say of a history. */

/** `2026-11-23`, in UTC. */
export const isoDay = (iso: string): string => iso.slice(0, 10);

/** `14.2 GFLOP/s → 12.1 GFLOP/s`. */
export function fromTo({ from, to }: HistoryChange, { work }: HistorySeries): string {
  const unit = `${work.unit}/s`;
  return `${formatRate({ value: from, unit })} → ${formatRate({ value: to, unit })}`;
}

/** `0.852× (0.846–0.859)`: three decimals, for a percent matters near one. */
export function ratioWithInterval({ ratio: { value, low, high } }: Pick<HistoryChange, 'ratio'>): string {
  const digits = (x: number) => (x >= 10 ? x.toPrecision(3) : x.toFixed(3));
  return value >= 1000 ? formatRatio(value) : `${digits(value)}× (${digits(low)}–${digits(high)})`;
}

/** `between commits 1f2e… and 9a8b…`, the runs of both, and how sure the place is. */
export function whereabouts(change: HistoryChange, { points }: HistorySeries, { runs }: HistoryCard): string {
  const run = (id: string) => runs.find((r) => r.id === id) as HistoryRun;
  const [a, b] = [run(change.before), run(change.after)];
  const sides = [a, b].map(({ tool: { commit, version, dirty } }) => {
    const name = commit === null ? `version ${version} of an unknown commit` : `commit ${shortCommit(commit)}`;
    return `${name}${dirty ? ' with uncommitted changes' : ''}`;
  });
  const between = sides[0] === sides[1] ? `both of ${sides[0]}` : `of ${sides[0]} and ${sides[1]}`;
  const place = (id: string) => points.findIndex((p) => p.run === id);
  const [earlier, later] = [
    place(change.after) - place(change.earliest),
    place(change.latest) - place(change.after),
  ] as const;
  const slack = [earlier > 0 && `${counted(earlier, 'run')} earlier`, later > 0 && `${counted(later, 'run')} later`];
  const doubt = slack.filter(Boolean).join(' or ');
  return `Between runs ${a.id} and ${b.id}, ${between}${doubt && `, or up to ${doubt}`}.`;
}

/** What else differs there, so that a reader knows what to suspect. */
export function suspicion({ suspects }: HistoryChange, { implementation }: HistorySeries): string {
  const others = suspects.filter(({ what }) => what !== 'commit');
  if (suspects.length === 0)
    return 'Nothing that results tell of differs there: suspect the machine (heat, power, other programs).';
  if (others.length === 0)
    return implementation.startsWith('assay/')
      ? 'Nothing else that results tell of differs there: suspect what the commits changed.'
      : 'Nothing else that results tell of differs there.';
  const told = others.map(({ what, before, after }) =>
    before === after ? `${what} (${before}, for a while another)` : `${what} (${before} → ${after})`,
  );
  const last = told.pop() as string;
  return `Also different there: ${told.length > 0 ? `${told.join(', ')} and ` : ''}${last}.`;
}

/** `1 run`, `2 runs`. */
export const counted = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;

/** What was found in a sentence or two, for the top of either. */
export function summaryOf({ series, cards, minEffect }: History): string {
  const runs = cards.reduce((sum, card) => sum + card.runs.length, 0);
  const drawn = series.filter(({ points }) => points.length > 0);
  const changes = drawn.flatMap((one) => one.changes);
  const slower = changes.filter(({ direction }) => direction === 'slower').length;
  const span = cards.flatMap((card) => card.runs.map(({ startedAt }) => startedAt)).sort();
  const times = span.length > 0 ? ` from ${isoDay(span[0] as string)} to ${isoDay(span.at(-1) as string)}` : '';
  const found =
    changes.length === 0
      ? 'no change of level'
      : `${counted(changes.length, 'change')} of level: ${slower} slower, ${changes.length - slower} faster`;
  const percent = Number((minEffect * 100).toPrecision(3));
  return `${counted(drawn.length, 'series').replace(/seriess$/, 'series')} of ${counted(runs, 'run')}${times}: ${found}. Marked is what is certain to be more than ${percent} %.`;
}

/** Files that did not take part, a sentence for each kind. At most `most` are named. */
export function fileNotes({ files }: History, most: number): string[] {
  const named = (texts: readonly string[]) =>
    [...texts.slice(0, most), ...(texts.length > most ? [`and ${texts.length - most} more`] : [])].join('; ');
  const notes = Object.entries(files.others).map(
    ([schema, n]) => `${counted(n, 'file')} of another kind (${schema}) left out.`,
  );
  if (files.repeated.length > 0)
    notes.push(
      `${counted(files.repeated.length, 'file')} left out, whose run another file holds: ${named(files.repeated.map(({ file, first }) => `${file} (as ${first})`))}.`,
    );
  if (files.refused.length > 0)
    notes.push(
      `${counted(files.refused.length, 'file')} that could not be read as a result: ${named(files.refused.map(({ file, why }) => `${file} (${why})`))}.`,
    );
  return notes;
}
