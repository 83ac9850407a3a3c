import { resolve } from 'node:path';
import { z } from 'zod';
import { InputError } from '../../kernels/errors.js';
import type { Result } from '../../reports/schema.js';
import { openStore, type Store } from '../../reports/store.js';
import { distinctSources, parseSource } from '../baselines/external/index.js';
import { cardFlags, json, outFolder, parseFlags, seed, wantedCard, wholeNumber } from '../flags.js';
import { checkOutputs, humanStream, type Output, parseOutputs, resultFormats, writeOutputs } from '../outputs.js';
import { Progress } from '../progress.js';
import { EXTERNAL_EVENT } from '../run/externals.js';
import { type Earlier, executeRun, type RunOutcome } from '../run/run.js';
import type { RunSettings } from '../run/settings.js';
import { canonicalEntry, findSuite } from '../suites/index.js';
import type { ChosenRecord } from '../tune/for-run.js';

const options = z.object({
  workload: z.array(z.string()).optional(),
  variant: z.array(z.string()).optional(),
  ...cardFlags,
  baseline: z.array(z.string()).optional(),
  baselines: z.boolean(),
  external: z.array(z.string()).default([]),
  externalFile: z.array(z.string()).default([]),
  externalTimeout: wholeNumber('external-timeout', 1, 86_400).optional(),
  rounds: wholeNumber('rounds', 1, 1000).optional(),
  seed,
  mode: z.enum(['safe', 'peer-equal']),
  out: outFolder,
  tuning: z.boolean(),
  json: json.optional(),
  format: z.array(z.string()).default([]),
});

/** `assay run`. @returns the exit code */
export async function run(suiteName: string, flags: unknown): Promise<number> {
  const given = parseFlags(options, flags);
  const wanted = wantedCard(given);
  if (given.baseline && !given.baselines) throw new InputError('--baseline and --no-baselines exclude each other');
  const suite = given.workload ? null : findSuite(suiteName);
  const settings: RunSettings = {
    suite: suite?.id ?? 'custom',
    workloads: suite?.workloads ?? (given.workload ?? []).map(canonicalEntry),
    rounds: given.rounds ?? suite?.rounds ?? 10,
    seed: given.seed,
    mode: given.mode,
    ...wanted,
    variants: given.variant ?? suite?.variants ?? 'all',
    baselines: given.baselines ? (given.baseline ?? null) : [],
    externals: distinctSources([
      ...given.external.map((spec) => parseSource('command', spec)),
      // Absolute, so that a resumed run finds it from wherever it is started.
      ...given.externalFile.map((spec) => parseSource('file', spec)).map((s) => ({ ...s, value: resolve(s.value) })),
    ]),
    ...(given.externalTimeout !== undefined && { externalTimeoutSeconds: given.externalTimeout }),
    ...(!given.tuning && { tunings: [] }),
  };
  return perform(settings, given.out, await parseOutputs(given.json, given.format, resultFormats), null);
}

/** Runs, shows and writes; shared with `resume`. */
export async function perform(
  settings: RunSettings,
  out: string,
  outputs: readonly Output[],
  earlier: Earlier | null,
): Promise<number> {
  const store = openStore(out);
  checkOutputs(outputs, earlier ? ownFiles(store, earlier.start.id) : []);
  const progress = new Progress();
  const say = (text: string) => humanStream(outputs).write(text);
  const outcome = await executeRun(
    settings,
    store,
    {
      opened: (device, calibration, journal, _pid, tunings) =>
        say(banner(settings, device, calibration, journal, tunings)),
      warned: (text) => {
        progress.clear();
        process.stderr.write(`assay: ${text}\n`);
      },
      step: (done, total, what) => progress.step(done, total, what),
    },
    earlier,
  ).finally(() => progress.clear());
  say(await report(outcome));
  writeOutputs(outputs, outcome.result);
  return outcome.exitCode;
}

/** What a run writes by itself; no output may take the place of one. */
export function ownFiles(store: Store, id: string): string[] {
  return [store.journalPath(id), store.resultPath(id), store.resultPath(id).replace(/json$/, 'html')];
}

function banner(
  settings: RunSettings,
  device: Result['device'],
  calibration: Result['calibration'],
  journal: string,
  tunings: readonly ChosenRecord[],
): string {
  const { software, name, driver, backend, features } = device;
  const notable = ['timestamp-query', 'shader-f16', 'subgroups', 'chromium-experimental-subgroup-matrix'];
  const has = notable.map((f) => `${features.includes(f) ? '+' : '−'}${f.replace('chromium-experimental-', '')}`);
  const clock =
    calibration.clock === 'gpu'
      ? `GPU timestamps, step ${calibration.resolutionNs} ns, an empty pass ${calibration.overheadNs} ns`
      : 'host clock: this adapter has no timestamp-query';
  return [
    `assay run ${settings.suite}: ${settings.workloads.length} workload${settings.workloads.length === 1 ? '' : 's'}, ${settings.rounds} rounds, mode ${settings.mode}, seed ${settings.seed}`,
    `card      ${name} (${software ? 'SOFTWARE adapter: says nothing about hardware' : 'hardware'})`,
    `driver    ${driver ?? 'unknown'}, ${backend}`,
    `features  ${has.join(' ')}`,
    `clock     ${clock}`,
    `tuning    ${tuningWords(settings, tunings)}`,
    `journal   ${journal}`,
    '',
    '',
  ].join('\n');
}

/** A run that others are to repeat must say when it did not use the defaults. */
function tuningWords({ tunings: given }: RunSettings, tunings: readonly ChosenRecord[]): string {
  if (tunings.length === 0) return given ? 'defaults' : 'defaults (`assay tune` looks for better ones)';
  const near = tunings.filter(({ source }) => source === 'near').length;
  const words = `${tunings.length} found by \`assay tune\` on this adapter${near > 0 ? `, ${near} of them for a near shape` : ''}`;
  return `${words}${given ? '; as when the run began' : '; --no-tuning takes the defaults'}`;
}

async function report({ result, files, exitCode }: RunOutcome): Promise<string> {
  const { llamaBenchTable, summaryExporter, tableExporter } = await import('../../reports/formats/index.js');
  const width = process.stdout.columns ?? 100;
  const table = tableExporter({ width, colour: process.stdout.isTTY && !process.env.NO_COLOR });
  const ending =
    exitCode === 5 || exitCode === 130
      ? `\nThe run stopped before its end; everything finished is in ${files.journal}. Go on with: assay resume ${files.journal}\n`
      : '';
  const others = result.events.filter(({ code }) => code === EXTERNAL_EVENT);
  const external = others.map(({ detail }) => `external  ${detail}\n`).join('');
  const models = llamaBenchTable(result);
  return `${table.render(result)}\n${models === null ? '' : `${models}\n`}${wrapped(summaryExporter.render(result), Math.min(width, 100))}\n${ending}${external}result    ${files.json}\npage      ${files.html}\njournal   ${files.journal}\n`;
}

function wrapped(text: string, width: number): string {
  const lines = [''];
  for (const word of text.trim().split(/\s+/)) {
    const line = lines.at(-1) as string;
    if (line && line.length + word.length + 1 > width) lines.push(word);
    else lines[lines.length - 1] = line ? `${line} ${word}` : word;
  }
  return `${lines.join('\n')}\n`;
}
