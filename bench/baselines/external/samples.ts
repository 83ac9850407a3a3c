import { z } from 'zod';
import { unknownName } from '../../../harness/suggest.js';
import { InputError } from '../../../kernels/errors.js';
import { kernels } from '../../../kernels/index.js';
import { family } from '../../../reports/schema.js';
import { parseWorkload, type Workload } from '../../suites/index.js';
import { jsonOf, type Line, linesOf, parseLine } from './lines.js';
import { knownWorkload, type Reader, type Reading } from './reader.js';

const common = {
  /** One of ours, or with `family` and `unit` any other, e.g. `keccak/n65536`. */
  workload: z
    .string()
    .max(120)
    .regex(/^[\w.+@-]+(\/[\w.+@-]+){0,2}$/, { error: 'one to three words parted by slashes' }),
  /** Samples of one round were taken in one go. Without it every line is a round of its own. */
  round: z.number().int().nonnegative().optional(),
  family: family.optional(),
  /** The program and its version. */
  version: z.string().max(120).optional(),
};
const unit = z.string().regex(/^[a-z][a-z0-9-]{0,19}\/s$/, { error: 'work per second, e.g. hash/s' });

/** `ns` nanoseconds for `operations`, which for our workloads are those of one execution when absent. */
const timeSample = z.strictObject({
  ...common,
  ns: z.number().positive(),
  operations: z.number().positive().optional(),
  unit: unit.optional(),
});
const rateSample = z.strictObject({ ...common, rate: z.number().positive(), unit });

interface Sample {
  readonly line: number;
  readonly round: number | undefined;
  readonly version: string | undefined;
  readonly target: Pick<Reading, 'workload' | 'family' | 'work'>;
  readonly ns: number;
}

/** JSON lines, one sample each. What is not a sample belongs on standard error. */
export const samplesReader: Reader = {
  format: 'samples',
  about: 'JSON lines, {"workload": "…", "ns": 123.4} or {"workload": "…", "rate": 1.2e9, "unit": "hash/s"}',
  read(text, { name }) {
    const foreign = new Map<string, Sample['target']>();
    const samples = linesOf(text).map((line) => sampleOf(line, foreign));
    if (samples.length === 0) throw new InputError('there is no sample in it');
    const byWorkload = new Map<string, Sample[]>();
    for (const sample of samples)
      byWorkload.set(sample.target.workload, [...(byWorkload.get(sample.target.workload) ?? []), sample]);
    const readings = [...byWorkload.values()].map((all) => ({
      ...(all[0] as Sample).target,
      implementation: `external/${name}`,
      provenance: all.find(({ version }) => version !== undefined)?.version ?? null,
      tuning: {},
      roundsNs: roundsOf(all),
    }));
    return { readings, leftOut: [] };
  },
  failedAs: ({ name, asked }) => asked.map((w) => ({ ...knownWorkload(w), implementation: `external/${name}` })),
};

function sampleOf(line: Line, foreign: Map<string, Sample['target']>): Sample {
  const raw = jsonOf(line);
  if (!('ns' in raw || 'rate' in raw))
    throw new InputError(`line ${line.number}: expected ns (nanoseconds) or rate with its unit, got neither`);
  if ('rate' in raw) {
    const { workload, round, version, ...told } = parseLine(rateSample, line);
    const target = targetOf(line, workload, { operations: 1, ...told }, foreign);
    return { line: line.number, round, version, target, ns: sane(line, (target.work.operations / told.rate) * 1e9) };
  }
  const { workload, round, version, ns, ...told } = parseLine(timeSample, line);
  const target = targetOf(line, workload, told, foreign);
  const operations = told.operations ?? target.work.operations;
  return { line: line.number, round, version, target, ns: sane(line, (ns * target.work.operations) / operations) };
}

interface Told {
  readonly operations?: number | undefined;
  readonly unit?: string | undefined;
  readonly family?: Reading['family'] | undefined;
}

/** @throws {InputError} when it is neither ours nor described well enough to be somebody else's */
function targetOf({ number }: Line, id: string, told: Told, foreign: Map<string, Sample['target']>): Sample['target'] {
  const at = (field: string, message: string) => new InputError(`line ${number}: ${field}: ${message}`);
  const ours = kernels.map((k) => k.id);
  const disagrees = (target: Sample['target']) => {
    if (told.unit !== undefined && told.unit !== `${target.work.unit}/s`)
      throw at('unit', `expected "${target.work.unit}/s" for ${id}, got "${told.unit}"`);
    if (told.family !== undefined && told.family !== target.family)
      throw at('family', `expected "${target.family}" for ${id}, got "${told.family}"`);
    return target;
  };
  if (ours.includes(id.split('/')[0] as string)) return disagrees(knownWorkload(ourWorkload(id, at)));
  const before = foreign.get(id);
  if (before) return disagrees(before);
  if (told.family === undefined)
    throw at(
      'workload',
      `${unknownName('kernel', id.split('/')[0] as string, ours).message}; a workload of your own needs "family" and "unit"`,
    );
  if (told.unit === undefined)
    throw at('unit', `expected work per second, e.g. "hash/s", since ${id} is not one of ours; got nothing`);
  if (told.operations === undefined)
    throw at('operations', `expected the work done in ns, since ${id} is not one of ours; got nothing`);
  const work = { operations: told.operations, unit: told.unit.slice(0, -2), bytes: 0 };
  const target = { workload: id, family: told.family, work };
  foreign.set(id, target);
  return target;
}

function ourWorkload(id: string, at: (field: string, message: string) => InputError): Workload {
  try {
    return parseWorkload(id);
  } catch (error) {
    // A ShapeError is an InputError too.
    throw error instanceof InputError ? at('workload', error.message) : error;
  }
}

/** A quotient of two honest numbers can still be none. */
function sane({ number }: Line, ns: number): number {
  if (Number.isFinite(ns) && ns > 0) return ns;
  throw new InputError(`line ${number}: one execution would take ${ns} ns`);
}

function roundsOf(samples: readonly Sample[]): number[][] {
  const [first] = samples as readonly [Sample];
  const odd = samples.find(({ round }) => (round === undefined) !== (first.round === undefined));
  if (odd)
    throw new InputError(
      `line ${odd.line}: round: expected ${first.round === undefined ? 'none' : 'one'}, as on line ${first.line}`,
    );
  const rounds = new Map<number, number[]>();
  for (const [i, { round = i, ns }] of samples.entries()) rounds.set(round, [...(rounds.get(round) ?? []), ns]);
  return [...rounds].sort(([a], [b]) => a - b).map(([, ns]) => ns);
}
