import { z } from 'zod';
import { openCard } from '../../harness/card.js';
import { budget, cardFlags, json, parseFlags, seed, wantedCard } from '../flags.js';
import { checkOutputs, humanStream, jsonOutput, writeOutputs } from '../outputs.js';
import { Progress } from '../progress.js';
import { toolIdentity } from '../run/provenance.js';
import { cachePath } from '../tune/cache-file.js';
import { chooseLadders } from '../tune/ladders.js';
import type { TuneOutcome } from '../tune/outcome.js';
import type { TuneSettings } from '../tune/settings.js';
import { renderTuning } from '../tune/table.js';
import { executeTune } from '../tune/tune.js';

const options = z.object({
  variant: z.array(z.string()).optional(),
  budget,
  seed,
  ...cardFlags,
  mode: z.enum(['safe', 'peer-equal']),
  cache: z.union([z.literal(false), z.string().min(1, '--cache needs a file')]).optional(),
  json: json.optional(),
});

/** `assay tune`. @returns the exit code */
export async function tune(names: readonly string[], flags: unknown): Promise<number> {
  const start = performance.now();
  const given = parseFlags(options, flags);
  const { device, software } = wantedCard(given);
  const variants = given.variant ?? null;
  const ladders = chooseLadders(names, variants);
  const settings: TuneSettings = {
    ...{ budgetSeconds: given.budget, seed: given.seed, mode: given.mode, variants },
    cache: given.cache === false ? null : (given.cache ?? cachePath()),
  };
  const outputs = jsonOutput(given.json);
  checkOutputs(outputs);
  const open = () =>
    openCard({
      ...(device !== null && { device }),
      ...(software !== null && { software }),
      mode: given.mode,
    });
  const progress = new Progress();
  const say = (text: string) => humanStream(outputs).write(text);
  const startedAt = new Date().toISOString();
  const outcome = await executeTune(
    ladders,
    settings,
    open,
    {
      opened: (device) => say(banner(settings, ladders.length, device)),
      step: (done, total, what) => progress.step(done, total, what),
      warned: (text) => {
        progress.clear();
        process.stderr.write(`assay: ${text}\n`);
      },
    },
    start,
  ).finally(() => progress.clear());
  const width = process.stdout.columns ?? 100;
  say(`${renderTuning(outcome, width, Boolean(process.stdout.isTTY && !process.env.NO_COLOR))}${ending(outcome)}`);
  writeOutputs(outputs, report(settings, outcome, startedAt));
  return outcome.exitCode;
}

function banner({ budgetSeconds, seed, mode, cache }: TuneSettings, count: number, device: TuneOutcome['device']) {
  const each = count === 1 ? `${budgetSeconds} s` : `${budgetSeconds} s each`;
  return [
    `assay tune: ${count} workload${count === 1 ? '' : 's'}, at most ${each}, mode ${mode}, seed ${seed}`,
    `card      ${device.name} (${device.software ? 'SOFTWARE adapter: says nothing about hardware' : 'hardware'})`,
    `driver    ${device.driver ?? 'unknown'}, ${device.backend}`,
    `cache     ${cache ?? 'none: winners are not kept'}`,
    '',
    '',
  ].join('\n');
}

function ending({ cache, workloads }: TuneOutcome): string {
  if (cache === null || workloads.every(({ variants }) => variants.length === 0)) return '';
  return '\n`assay run` uses these winners; `assay run --no-tuning` does not.\n';
}

function report(settings: TuneSettings, outcome: TuneOutcome, startedAt: string) {
  const { budgetSeconds, seed, mode } = settings;
  const { device, workloads, cache, stopped, exitCode } = outcome;
  const { name, driver, backend, software } = device;
  return {
    ...{ schema: 'assay.tune/1', tool: toolIdentity(), startedAt, finishedAt: new Date().toISOString() },
    ...{ device: { name, driver, backend, software }, mode, seed, budgetSeconds, cache, workloads, stopped, exitCode },
  };
}
