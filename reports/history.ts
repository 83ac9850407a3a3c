import { isVerified } from './groups.js';
import type { History, HistoryCard, HistoryPoint, HistoryRun, HistorySeries } from './history-schema.js';
import { HISTORY_SCHEMA_ID } from './history-schema.js';
import { suspectsOf } from './history-suspects.js';
import { statusText } from './reasons.js';
import type { Measurement, Result } from './schema.js';
import { type ChangePoint, changePoints } from './statistics/index.js';

export interface StoredResult {
  readonly file: string;
  readonly result: Result;
}

export interface HistoryOptions {
  /** A smaller change does not matter, as a fraction. */
  readonly minEffect?: number;
  /** That a series without a change has none marked. */
  readonly confidence?: number;
  /** Which measurements take part: default all. */
  readonly wanted?: (measurement: Pick<Measurement, 'workload' | 'family'>) => boolean;
}

/** Twice what neighbours in one run are asked for, half of what two single runs are: levels rest on three runs or more. */
export const HISTORY_MIN_EFFECT = 0.02;

type Said = Omit<History['files'], 'read' | 'others' | 'refused'> & { read: number };
type Gathering = { card: HistoryCard; series: HistorySeries };

/**
 * Rates over time, by what can be compared: the same card (name, vendor, backend, processor of the host), workload,
 * implementation, mode, clock and declared work. What was not verified, or has no rate, is a gap with its reason. A run
 * of which another file was read before is left out. Keeps of a result only what is shown, so that thousands can pass.
 *
 * @param stored in any order
 */
export function historyOf(
  stored: Iterable<StoredResult>,
  { minEffect = HISTORY_MIN_EFFECT, confidence = 0.95, wanted = () => true }: HistoryOptions = {},
): Omit<History, 'files'> & { files: Said } {
  const cards = new Map<string, HistoryCard>();
  const gathered = new Map<string, Gathering>();
  const runs = new Map<string, HistoryRun>();
  const files: Said = { read: 0, repeated: [] };
  for (const { file, result } of stored) {
    files.read++;
    const first = runs.get(result.id);
    if (first) {
      files.repeated.push({ file, first: first.file, run: result.id });
      continue;
    }
    const run = runOf(file, result);
    runs.set(run.id, run);
    const cardKey = JSON.stringify(cardIdentity(result));
    const card = cards.get(cardKey) ?? { ...cardIdentity(result), runs: [] };
    cards.set(cardKey, card);
    card.runs.push(run);
    for (const m of result.measurements.filter(wanted)) add(gathered, card, cardKey, m, run);
  }
  const order = [...cards.values()];
  const inTime = (a: string, b: string) => byTime(runs.get(a) as HistoryRun, runs.get(b) as HistoryRun);
  for (const card of order) card.runs.sort(byTime);
  const series = [...gathered.values()].map(({ card, series: one }) => {
    one.card = order.indexOf(card);
    one.points.sort((a, b) => inTime(a.run, b.run));
    one.gaps.sort((a, b) => inTime(a.run, b.run));
    const rates = one.points.map(({ value }) => value);
    one.changes = changePoints(rates, { minEffect, confidence }).map((found) => changeOf(found, one.points, card));
    return one;
  });
  series.sort((a, b) => a.card - b.card);
  return { schema: HISTORY_SCHEMA_ID, minEffect, confidence, cards: order, series, files };
}

/** Series that became slower at their newest change, of which no more than so many runs have passed. */
export function recentSlowdowns({ series }: Pick<History, 'series'>, lastRuns: number): HistorySeries[] {
  return series.filter(({ changes }) => {
    const newest = changes.at(-1);
    return newest?.direction === 'slower' && newest.runsSince <= lastRuns;
  });
}

const cardIdentity = ({ device: { name, vendor, backend, software }, host: { cpu } }: Result) => ({
  ...{ name, vendor, backend, cpu, software },
});

function runOf(file: string, { id, startedAt, suite, finishedAt, tool, device, host }: Result): HistoryRun {
  return {
    ...{ id, file, startedAt, suite, finished: finishedAt !== null, tool, driver: device.driver },
    ...{ hostKernel: host.kernel, node: host.node, powerLimitWatts: device.powerLimitWatts },
  };
}

/** By their start; of those that began in the same moment by id, so that the order of the files changes nothing. */
function byTime(a: HistoryRun, b: HistoryRun): number {
  return Date.parse(a.startedAt) - Date.parse(b.startedAt) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

function add(gathered: Map<string, Gathering>, card: HistoryCard, cardKey: string, m: Measurement, run: HistoryRun) {
  const { workload, family, implementation, mode, clock, work } = m;
  const key = JSON.stringify([cardKey, workload, implementation, mode, clock, work.operations, work.unit, work.bytes]);
  const held = gathered.get(key);
  const series = held?.series ?? {
    ...{ card: 0, workload, family, implementation, mode, clock, work },
    ...{ points: [], gaps: [], changes: [] },
  };
  if (!held) gathered.set(key, { card, series });
  const found = pointOf(m, run.id);
  if (typeof found === 'string') series.gaps.push({ run: run.id, reason: found });
  else series.points.push(found);
}

/** @returns the reason where there is no figure that counts */
function pointOf(m: Measurement, run: string): HistoryPoint | string {
  if (!isVerified(m)) return 'another program’s figure, not verified';
  if (m.rate === null || m.status === 'failed' || m.status === 'skipped') return statusText(m);
  if (m.rate.value === 0) return 'a rate of zero';
  const { value, low, high } = m.rate;
  return { run, status: m.status, value, low, high, tuning: m.tuning, provenance: m.provenance };
}

function changeOf(found: ChangePoint, points: readonly HistoryPoint[], card: HistoryCard): HistorySeries['changes'][0] {
  const { at, earliest, latest, before, after, ratio, p } = found;
  const runAt = (position: number) => (points[position] as HistoryPoint).run;
  const among = points.slice(earliest - 1, latest + 1);
  return {
    direction: ratio.value < 1 ? 'slower' : 'faster',
    ...{ before: runAt(at - 1), after: runAt(at), earliest: runAt(earliest), latest: runAt(latest) },
    when: (card.runs.find(({ id }) => id === runAt(at)) as HistoryRun).startedAt,
    ...{ from: before, to: after, ratio, p, runsSince: points.length - at },
    suspects: suspectsOf(among, card.runs),
  };
}
