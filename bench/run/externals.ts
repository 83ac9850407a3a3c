import { readFileSync } from 'node:fs';
import { NOT_CHECKED } from '../../harness/oracles.js';
import { InputError } from '../../kernels/errors.js';
import { explainIoError } from '../../reports/io-errors.js';
import type { Calibration, Measurement, Mode, ReasonCode } from '../../reports/schema.js';
import { judgeReliability, rateOf, summarise } from '../../reports/statistics/index.js';
import { CommandFailed, runCommand } from '../baselines/external/command.js';
import { type ExternalSource, type Reading, readerOf } from '../baselines/external/index.js';
import type { Workload } from '../suites/index.js';
import { UNRATED } from './conclude.js';
import type { Recorder } from './recorder.js';
import { EXTERNAL_TIMEOUT_SECONDS, type RunSettings } from './settings.js';

/** Of the event that closes a source: a resumed run does not ask it again. Its detail begins with the source's name. */
export const EXTERNAL_EVENT = 'external';

export interface ExternalContext {
  readonly recorder: Recorder;
  readonly settings: RunSettings;
  readonly calibration: Calibration;
  /** The card's name, for commands that want to take the same. */
  readonly device: string;
  /** Contents of the files among the sources, by the sources' names. */
  readonly files: ReadonlyMap<string, string>;
  /** Names of the sources that an earlier part of the run has closed. */
  readonly closed: ReadonlySet<string>;
  readonly signal: AbortSignal;
  /** Called before each source; throws to stop the run. */
  step(source: ExternalSource): void;
}

/**
 * Reads the files among the sources and tries whether they can be understood, before anything is measured for them.
 * @throws {InputError} naming the file, the line, the field and what was expected
 */
export function loadFiles(
  sources: readonly ExternalSource[],
  asked: readonly Workload[],
  closed: ReadonlySet<string>,
): Map<string, string> {
  const files = new Map<string, string>();
  for (const source of sources) {
    if (source.kind !== 'file' || closed.has(source.name)) continue;
    const text = textOf(source.value);
    try {
      readerOf(source).read(text, { name: source.name, asked });
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      throw new InputError(`${source.value} (${source.format}): ${error.message}`);
    }
    files.set(source.name, text);
  }
  return files;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new InputError(`${path} cannot be read: ${explainIoError(error)}`);
  }
}

/**
 * Sets other programs' figures beside what the run has measured, one source after another, each journalled.
 * @param measured the workloads that got a figure, which commands are asked for
 */
export async function measureExternals(context: ExternalContext, measured: readonly Workload[]): Promise<void> {
  for (const source of context.settings.externals ?? []) {
    if (context.closed.has(source.name)) continue;
    context.step(source);
    const said = await ask(context, source, measured);
    context.recorder.event(EXTERNAL_EVENT, `${source.name}: ${said}`);
  }
}

/** @returns in words what came of it */
async function ask(context: ExternalContext, source: ExternalSource, asked: readonly Workload[]): Promise<string> {
  const { recorder } = context;
  const reader = readerOf(source);
  const readContext = { name: source.name, asked };
  const from = source.kind === 'file' ? `from ${source.value}` : `by ${source.value}`;
  try {
    const { readings, leftOut } = reader.read(await textFrom(context, source, asked), readContext);
    for (const reading of readings) record(context, reading, from);
    const rest = leftOut.length > 0 ? `; left out: ${leftOut.join('; ')}` : '';
    return `${readings.length} measurement${readings.length === 1 ? '' : 's'} ${from}${rest}`;
  } catch (error) {
    if (!(error instanceof InputError || error instanceof CommandFailed)) throw error;
    if (context.signal.aborted) throw error;
    const detail = `${source.value}: ${error.message}`;
    for (const { implementation, ...target } of reader.failedAs(readContext)) {
      const reasons = [{ code: 'external-failed' as ReasonCode, detail }];
      const fields = fieldsOf({ ...target, implementation, tuning: {}, provenance: null }, context.settings.mode);
      recorder.measurement({ ...fields, ...UNRATED, rounds: [], status: 'failed', reasons });
    }
    return `failed: ${detail}`;
  }
}

async function textFrom(context: ExternalContext, source: ExternalSource, asked: readonly Workload[]): Promise<string> {
  if (source.kind === 'file') return context.files.get(source.name) ?? textOf(source.value);
  const { seed, rounds, externalTimeoutSeconds = EXTERNAL_TIMEOUT_SECONDS } = context.settings;
  return runCommand(source.value, {
    env: {
      ASSAY_WORKLOADS: asked.map(({ id }) => id).join(' '),
      ...{ ASSAY_SEED: String(seed), ASSAY_ROUNDS: String(rounds), ASSAY_DEVICE: context.device },
    },
    timeoutMs: externalTimeoutSeconds * 1000,
    signal: context.signal,
  });
}

function fieldsOf(of: Omit<Reading, 'roundsNs'>, mode: Mode) {
  return {
    ...{ workload: of.workload, family: of.family, implementation: of.implementation, provenance: of.provenance },
    ...{ tuning: { ...of.tuning }, mode, work: { ...of.work }, clock: 'host' as const, batch: 1, inputSets: 0 },
    correctness: { ...NOT_CHECKED, method: 'none: another program computed, and Assay did not see its output' },
    ...{ tuningSource: 'default' as const, tunedOn: null, compileMs: null, deviceBytes: null },
  };
}

/** Says nothing of a clock that is not ours. */
const OF_OUR_CLOCKS: readonly ReasonCode[] = ['host-clock', 'clock-saturated'];

function record({ recorder, settings, calibration }: ExternalContext, reading: Reading, from: string): void {
  const { workload, implementation, roundsNs, provenance } = reading;
  const fields = fieldsOf({ ...reading, provenance: [provenance, from].filter(Boolean).join('; ') }, settings.mode);
  recorder.prepared(fields);
  // Not on our host's clock, which is what comparisons are made on.
  for (const [index, samplesNs] of roundsNs.entries())
    recorder.round(workload, implementation, { index, samplesNs: [...samplesNs], hostSamplesNs: [], discarded: 0 });
  const rounds = recorder.rounds(workload, implementation);
  const summary = summarise(rounds);
  const judged = judgeReliability({
    ...{ rounds, summary, calibration, clock: 'host', batch: 1, ceilingFraction: null },
  });
  const measurement: Measurement = {
    ...{ ...fields, ...UNRATED, rounds: [...rounds], summary, rate: rateOf(reading.work, summary) },
    status: 'unreliable',
    reasons: [{ code: 'not-verified', detail: '' }, ...judged.filter(({ code }) => !OF_OUR_CLOCKS.includes(code))],
  };
  recorder.measurement(measurement);
}
