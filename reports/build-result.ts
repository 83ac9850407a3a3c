import { JournalError } from './journal.js';
import type { JournalHead } from './journal-chain.js';
import type { JournalRecord, PreparedRecord } from './journal-records.js';
import { type Measurement, type Reason, type ReasonCode, type Result, type Round, SCHEMA_ID } from './schema.js';

/** Exit codes with which a run ends before its time: device lost or worker died, interrupted. */
const UNFINISHED_EXITS: readonly number[] = [5, 130];
/** Events that explain why a measurement stopped between its rounds. */
const STOPPING: readonly string[] = ['worker-died', 'worker-hung', 'device-lost', 'interrupted'] satisfies ReasonCode[];

interface Gathered {
  prepared: PreparedRecord | null;
  final: Omit<Measurement, 'rounds'> | null;
  /** By index: a round that was measured again after a resume replaces the one before. */
  readonly rounds: Map<number, Round>;
  /** The last thing that stopped the run after this measurement had begun. */
  stoppedBy: Reason | null;
}

/**
 * The result that a journal amounts to, at any moment of a run. Measurements stand in the order of
 * their first appearance. One that was begun but has no last word is `failed` with the reason why it
 * stopped; its rounds are kept and it has no rate. `finishedAt` is null without an `end`, after exit
 * codes 5 and 130, and when the run was taken up again after its end.
 *
 * @param journal what the records' journal is chained up to, for the result to keep; null where it has no chain
 * @throws {JournalError} when the records cannot be a run: no start, no device, a resume on another
 *   device or of another run, or rounds of a measurement that was never prepared
 */
export function buildResult(records: readonly JournalRecord[], journal?: JournalHead | null): Result {
  const start = records.find((r) => r.type === 'start');
  if (!start) throw new JournalError('the journal has no start record, so nothing is known about the run');
  const opened = records.find((r) => r.type === 'device');
  if (!opened) throw new JournalError('the run ended before a device was opened: nothing was measured');

  const gathered = new Map<string, Gathered>();
  let finishedAt: string | null = null;
  const gather = (of: { workload: string; implementation: string }): Gathered => {
    const key = JSON.stringify([of.workload, of.implementation]);
    const entry = gathered.get(key) ?? { prepared: null, final: null, rounds: new Map(), stoppedBy: null };
    gathered.set(key, entry);
    return entry;
  };

  const result: Omit<Result, 'measurements' | 'finishedAt'> = {
    ...{ schema: SCHEMA_ID, id: start.id, tool: start.tool, suite: start.suite, seed: start.seed },
    ...{ startedAt: start.startedAt, host: start.host, device: opened.device, calibration: opened.calibration },
    ...{ checks: [], telemetry: [], events: [] },
    ...(journal !== undefined && { journal }),
  };

  for (const record of records) {
    if (record.type !== 'end') finishedAt = null;
    switch (record.type) {
      case 'start':
        if (record.id !== start.id) throw new JournalError(`two runs in one journal: ${start.id} and ${record.id}`);
        break;
      case 'device':
        if (!sameDevice(record.device, opened.device))
          throw new JournalError(`resumed on another device: ${record.device.name} after ${opened.device.name}`);
        break;
      case 'prepared':
        Object.assign(gather(record), { prepared: record, final: null, stoppedBy: null });
        break;
      case 'round':
        gather(record).rounds.set(record.round.index, record.round);
        break;
      case 'measurement':
        gather(record.measurement).final = record.measurement;
        break;
      case 'check':
        result.checks.push(record.check);
        break;
      case 'verdict':
        result.verdict = record.verdict;
        break;
      case 'telemetry':
        result.telemetry.push(record.sample);
        break;
      case 'event': {
        const { type: _, ...event } = record;
        result.events.push(event);
        if (STOPPING.includes(event.code))
          for (const entry of gathered.values())
            if (!entry.final) entry.stoppedBy = { code: event.code as ReasonCode, detail: event.detail };
        break;
      }
      case 'end':
        finishedAt = UNFINISHED_EXITS.includes(record.exitCode) ? null : record.finishedAt;
        break;
    }
  }
  return { ...result, finishedAt, measurements: [...gathered].map(([key, entry]) => measurementOf(key, entry)) };
}

function measurementOf(key: string, { prepared, final, rounds, stoppedBy }: Gathered): Measurement {
  const inOrder = [...rounds.values()].sort((a, b) => a.order - b.order);
  if (final) return { ...final, rounds: inOrder };
  if (!prepared) throw new JournalError(`the journal has rounds of ${key} but never prepared it`);
  const { type: _, ...fields } = prepared;
  return {
    ...fields,
    rounds: inOrder,
    ...{ summary: null, rate: null, ceiling: null, roofline: null, versusBaseline: null, energy: null },
    status: 'failed',
    reasons: [stoppedBy ?? { code: 'interrupted', detail: `after ${inOrder.length} rounds` }],
  };
}

function sameDevice(a: Result['device'], b: Result['device']): boolean {
  return a.name === b.name && a.backend === b.backend && a.identity?.uuidHash === b.identity?.uuidHash;
}
