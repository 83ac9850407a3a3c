import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseWorkload, type Workload } from '../../bench/suites/index.js';
import { readCache } from '../../bench/tune/cache.js';
import { chooseTuning } from '../../bench/tune/choose.js';
import type { VariantOutcome, WorkloadOutcome } from '../../bench/tune/outcome.js';
import type { TuneSettings } from '../../bench/tune/settings.js';
import { renderTuning } from '../../bench/tune/table.js';
import { executeTune, type TuneObserver } from '../../bench/tune/tune.js';
import type { TuneCard } from '../../bench/tune/workbench.js';
import { openCard } from '../../harness/card.js';
import { ContestantProcess } from '../../harness/contestant-process.js';
import { limitsOf } from '../../harness/limits.js';
import type { Kernel, Variant } from '../../kernels/declaration.js';
import { HOW, tunable as untyped } from '../fixtures/tuning/kernel.mjs';
import { cardOrSkip, testDevice } from '../harness/adapter.js';

const tunable = untyped as unknown as Kernel;
const workload: Workload = { id: 'tunable/n8001', kernel: tunable, shape: { length: 8001 } };
const script = fileURLToPath(new URL('../fixtures/tuning/worker.mjs', import.meta.url));

let folder: string;
let settings: TuneSettings;
/** A worker of its own with the kernels of the fixture, on the adapter that the tests use. */
let open: () => Promise<TuneCard>;
let opened: number;
beforeEach(async (context) => {
  folder = mkdtempSync(join(tmpdir(), 'assay-tune-'));
  const cache = join(folder, 'tuning.json');
  settings = { budgetSeconds: 100, seed: 1, mode: 'safe', variants: null, cache, mostRounds: 5 };
  const card = await cardOrSkip(context);
  await card.close();
  opened = 0;
  open = async () => {
    opened++;
    const worker = new ContestantProcess('the fixture’s worker', script, [], card.env);
    const params = { deviceName: testDevice ?? null, software: card.device.software, mode: 'safe' as const };
    const { device, calibration } = await worker.call('open', params, 60_000);
    if (!device || !calibration) throw new Error('no device');
    const limits = limitsOf(device);
    return { worker, device, calibration, limits, close: () => worker.close() };
  };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const tune = (variants: string[], observer: TuneObserver = {}, changes: Partial<TuneSettings> = {}) =>
  executeTune([[workload]], { ...settings, variants, ...changes }, open, observer);
const variantsOf = (workloads: readonly WorkloadOutcome[]) => workloads.flatMap(({ variants }) => [...variants]);
const reasonOf = ({ refused }: VariantOutcome, how: number) =>
  refused.find(({ tuning }) => tuning.how === how)?.reasons[0]?.code;

describe('tuning', () => {
  test('finds the faster of two, keeps it, and a run would use it', async () => {
    const { workloads, exitCode, device } = await tune(['plain']);
    expect(exitCode).toBe(0);
    const plain = variantsOf(workloads)[0] as VariantOutcome;
    expect(plain).toMatchObject({ variant: 'plain', tried: 2, untried: 0, refused: [], winner: { how: HOW.fast } });
    expect(plain.decision).toBe('faster');
    // An eighth of the work, in rounds of their own.
    expect(plain.ratio?.low).toBeGreaterThan(1);
    expect(plain.winnerRate?.value).toBeGreaterThan(plain.defaultRate?.value as number);
    expect(plain.rounds).toBe(5);
    const { entries, damage } = readCache(settings.cache as string);
    expect(damage).toBeNull();
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({ workload: workload.id, variant: 'plain', differs: true, seed: 1, tried: 2 });
    const identity = {
      device,
      limits: limitsOf(device),
      mode: 'safe',
      toolVersion: '0.1.0',
    } as const;
    const variant = tunable.variants[0] as Variant<unknown, unknown>;
    const now = { ...identity, toolVersion: entries[0]?.toolVersion as string };
    expect(chooseTuning(entries, workload, variant, now).chosen).toEqual({
      ...{ tuning: { how: HOW.fast }, source: 'tuned', tunedOn: workload.id },
    });
  });

  test('what is wrong, broken, too large or deadly is refused and never wins, though it would be faster', async () => {
    const { workloads, exitCode, stopped } = await tune(['cheating']);
    const cheating = variantsOf(workloads)[0] as VariantOutcome;
    expect(stopped).toBeNull();
    expect(cheating.untried).toBe(0);
    expect(reasonOf(cheating, HOW.wrong)).toBe('wrong-result');
    expect(reasonOf(cheating, HOW.broken)).toBe('shader-error');
    expect(reasonOf(cheating, HOW.tooLarge)).toBe('exceeds-limit');
    expect(reasonOf(cheating, HOW.deadly)).toBe('worker-died');
    expect(reasonOf(cheating, HOW.tires)).toBe('wrong-after-timing');
    expect(cheating.winner).toEqual({ how: HOW.fast });
    expect(cheating.decision).toBe('faster');
    // An incorrect kernel is an answer of no, whoever won.
    expect(exitCode).toBe(1);
    // The worker that died was replaced, once.
    expect(opened).toBe(2);
    expect(readCache(settings.cache as string).entries[0]?.tuning).toEqual({ how: HOW.fast });
  });

  test('a worker that dies twice in a row ends it; what was found before is kept', async () => {
    const outcome = await tune(['plain', 'deadly']);
    expect(outcome.exitCode).toBe(5);
    expect(outcome.stopped).toMatchObject({ code: 'worker-died', detail: expect.stringContaining('assay/deadly') });
    const [found] = outcome.workloads;
    expect(found?.variants.map((v) => v.variant)).toEqual(['plain']);
    expect(found?.unfinished).toEqual(['deadly']);
    expect(readCache(settings.cache as string).entries.map((e) => e.variant)).toEqual(['plain']);
    expect(renderTuning(outcome, 80, false)).toMatch(/died twice in a row[\s\S]*kept in/);
  });

  test('an interrupt ends it with 130; what was found before is kept', async () => {
    const rounds = new Map<string, number>();
    const step = (_done: number, _total: number, what: string) => {
      if (!what.endsWith(': timing')) return;
      const count = (rounds.get(what) ?? 0) + 1;
      rounds.set(what, count);
      // Two rounds each are the first look: this is in the search of the second of the two.
      if (count === 3 && [...rounds.values()].filter((n) => n >= 3).length === 2) process.emit('SIGINT');
    };
    const outcome = await tune(['plain', 'cheating'], { step });
    expect(outcome.exitCode).toBe(130);
    const [found] = outcome.workloads;
    const done = found?.variants.map((v) => v.variant) ?? [];
    expect(done).toHaveLength(1);
    expect([...done, ...(found?.unfinished ?? [])].sort()).toEqual(['cheating', 'plain']);
    expect(readCache(settings.cache as string).entries.map((e) => e.variant)).toEqual(done);
  });

  test('without a cache nothing is read or written', async () => {
    writeFileSync(settings.cache as string, 'damaged');
    const warnings: string[] = [];
    const { exitCode, cache } = await tune(['plain'], { warned: (text) => warnings.push(text) }, { cache: null });
    expect([exitCode, cache, warnings]).toEqual([0, null, []]);
    expect(existsSync(`${settings.cache}.bad`)).toBe(false);
  });

  test('a damaged cache is told of, put aside and made anew', async () => {
    writeFileSync(settings.cache as string, '{"schema":"assay.tuning/1","entr');
    const warnings: string[] = [];
    await tune(['plain'], { warned: (text) => warnings.push(text) });
    expect(warnings).toEqual([
      expect.stringMatching(/is damaged \(it is not JSON, or cut off\)/),
      expect.stringContaining(`is kept in ${settings.cache}.bad`),
    ]);
    expect(readCache(settings.cache as string).entries).toHaveLength(1);
  });
});

describe('our own kernels', () => {
  test('a small scan is tuned, each variant against its default and against each other', async () => {
    const scan = parseWorkload('sha256d-scan/n65536');
    const device = testDevice === undefined ? {} : { device: testDevice };
    const ids = ['naive', 'unrolled'];
    const outcome = await executeTune([[scan]], { ...settings, variants: ids }, () => openCard(device));
    expect(outcome.exitCode).toBe(0);
    const [found] = outcome.workloads;
    expect([...(found?.variants.map((v) => v.variant) ?? []), ...(found?.unfinished ?? [])].sort()).toEqual(ids.sort());
    for (const v of found?.variants ?? []) {
      expect(v.winner, v.variant).not.toBeNull();
      // A winner other than the default was shown to be faster in rounds that did not choose it.
      if (v.decision === 'faster') expect(v.ratio?.low, v.variant).toBeGreaterThan(1);
      else expect(v.winner, v.variant).toEqual(v.defaultTuning);
    }
    for (const width of [48, 80, 120]) {
      const lines = renderTuning(outcome, width, false).split('\n');
      expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(width);
    }
  });

  test('a shape too big for the adapter leaves its place to the next', async () => {
    const ladder = ['sha256d-scan/n4294967296', 'sha256d-scan/n4099'].map(parseWorkload);
    const device = testDevice === undefined ? {} : { device: testDevice };
    const { workloads } = await executeTune([ladder], { ...settings, variants: ['unrolled'] }, () => openCard(device));
    expect(workloads.map((w) => w.workload)).toEqual(['sha256d-scan/n4099']);
  });
});
