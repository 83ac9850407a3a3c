import type { HistoryPoint, HistoryRun, Suspect } from './history-schema.js';

/** What of a run may make its rates other than the last one's. */
const facts: readonly [Suspect['what'], (run: HistoryRun, point: HistoryPoint) => string][] = [
  ['commit', ({ tool }) => (tool.commit === null ? 'unknown' : shortCommit(tool.commit))],
  ['version', ({ tool }) => tool.version],
  ['uncommitted changes', ({ tool }) => (tool.dirty === null ? 'unknown' : tool.dirty ? 'yes' : 'no')],
  ['driver', ({ driver }) => driver ?? 'unknown'],
  ['tuning', (_, { tuning }) => tuningWords(tuning)],
  ['provenance', (_, { provenance }) => provenance ?? 'unknown'],
  ['power limit', ({ powerLimitWatts }) => (powerLimitWatts === null ? 'unknown' : `${powerLimitWatts} W`)],
  ['host kernel', ({ hostKernel }) => hostKernel],
  ['node', ({ node }) => node],
];

/**
 * What differs between neighbours anywhere among these points, as it was before the first such difference and after the
 * last: what came and went again is named with one value for both.
 *
 * @param among in the order of time, the first one surely before the change and the last one after it
 */
export function suspectsOf(among: readonly HistoryPoint[], runs: readonly HistoryRun[]): Suspect[] {
  const known = new Map(runs.map((run) => [run.id, run]));
  return facts.flatMap(([what, tell]) => {
    const told = among.map((point) => tell(known.get(point.run) as HistoryRun, point));
    if (new Set(told).size < 2) return [];
    return [{ what, before: told[0] as string, after: told.at(-1) as string }];
  });
}

/** As Git shortens one, where it is one. */
export const shortCommit = (commit: string): string => (/^[0-9a-f]{13,}$/i.test(commit) ? commit.slice(0, 12) : commit);

const tuningWords = (tuning: HistoryPoint['tuning']) =>
  Object.entries(tuning)
    .map(([name, value]) => `${name} ${value}`)
    .sort()
    .join(', ') || 'default';
