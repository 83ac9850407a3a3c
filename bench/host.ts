import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Bench, type Task } from 'tinybench';
import { assemble } from '../harness/program.js';
import { matmul } from '../kernels/matmul/kernel.js';
import { randomBytes, randomWords } from '../kernels/random.js';
import { openJournal } from '../reports/journal.js';
import type { Round } from '../reports/schema.js';
import {
  clockSaturation,
  compareRounds,
  judgeWorkloads,
  mannKendall,
  roundMedians,
  summarise,
  twoModes,
} from '../reports/statistics/index.js';
import { scan } from './baselines/node-crypto-work.js';

/**
 * `npm run bench`: what the suite itself costs on the host. Guards against our own bookkeeping growing
 * into something that a measurement could see. Kernels are not timed here: tinybench has no GPU clock.
 */
const NONCES = 1024;
const SEED = 1;

/** Rounds as a run makes them: samples around 2 ms with half a percent of noise. */
function rounds(seed: number, count = 10, samples = 100): Round[] {
  const next = randomWords(seed);
  const sample = () => 2e6 * (1 + (0.01 * next()) / 2 ** 32);
  return Array.from({ length: count }, (_, index) => {
    const samplesNs = Array.from({ length: samples }, sample);
    return { order: index, index, tMs: 250 * index, samplesNs, hostSamplesNs: samplesNs, discarded: 0 };
  });
}

/** Everything that is asked of the samples of one comparison. */
function allStatistics(ours: readonly Round[], theirs: readonly Round[]) {
  const samples = ours.flatMap((round) => round.samplesNs);
  return [
    summarise(ours),
    mannKendall(roundMedians(ours)),
    clockSaturation(samples, 1),
    twoModes(samples),
    compareRounds(ours, theirs),
  ];
}

/** A shape and limits under which the default variant makes its plan without an adapter. */
function matmulDispatches() {
  const { variants, defaultVariant } = matmul;
  const variant = variants.find((v) => v.id === defaultVariant);
  if (!variant) throw new Error('matmul has no default variant');
  const tuning = Object.fromEntries(Object.entries(variant.tuning ?? {}).map(([name, [first]]) => [name, first ?? 0]));
  const limits = {
    maxBufferSize: 2 ** 31,
    maxStorageBufferBindingSize: 2 ** 30,
    maxUniformBufferBindingSize: 65536,
    maxStorageBuffersPerShaderStage: 8,
    maxComputeWorkgroupStorageSize: 32768,
    maxComputeInvocationsPerWorkgroup: 1024,
    maxComputeWorkgroupSizeX: 1024,
    maxComputeWorkgroupSizeY: 1024,
    maxComputeWorkgroupSizeZ: 64,
    maxComputeWorkgroupsPerDimension: 65535,
    subgroupMinSize: 32,
    subgroupMaxSize: 32,
    subgroupMatrixConfigs: [],
  };
  return variant.plan({ m: 1024, n: 1024, k: 1024 }, tuning, limits).dispatches;
}

function row(task: Task, flags: ReadonlyMap<string, readonly string[]>): Record<string, string> {
  const { result } = task;
  const flagged = (flags.get(task.name) ?? []).join(', ');
  if (result.state !== 'completed') {
    const why = result.state === 'errored' ? result.error.message : result.state;
    return { task: task.name, 'ops/s': '–', margin: '–', samples: '–', flagged: why };
  }
  const { mean, rme, samplesCount } = result.throughput;
  return {
    task: task.name,
    'ops/s': Math.round(mean).toLocaleString('en'),
    margin: `± ${rme.toFixed(2)} %`,
    samples: String(samplesCount),
    flagged,
  };
}

const folder = mkdtempSync(join(tmpdir(), 'assay-bench-'));
const journal = openJournal(join(folder, 'bench.jsonl'));
try {
  const bench = new Bench({ time: 500, warmupTime: 100 });
  const flags = new Map<string, string[]>();
  bench.addEventListener('warning', ({ task, reason }) => {
    flags.set(task.name, [...(flags.get(task.name) ?? []), `timer: ${reason ?? 'saturated'}`]);
  });

  const header = randomBytes(80, SEED);
  const [ours, theirs] = [rounds(SEED), rounds(SEED + 1)];
  const [oursLong, theirsLong] = [rounds(SEED, 40, 250), rounds(SEED + 1, 40, 250)];
  const workloads = theirsLong.map((_, i) => ({
    name: `${i}`,
    logRatios: rounds(i, 1, 40).flatMap((one) => one.samplesNs.map((ns) => ns / 2e6 - 1)),
  }));
  const [round] = ours as [Round];
  const dispatches = matmulDispatches();
  bench
    .add(`node:crypto SHA-256d, ${NONCES} headers`, () => scan({ header, firstNonce: 0, count: NONCES, target: 0n }))
    .add('summary of 10 rounds × 100 samples', () => summarise(ours))
    .add('comparison of 10 paired rounds', () => compareRounds(ours, theirs))
    .add('all statistics of 40 rounds × 250 samples', () => allStatistics(oursLong, theirsLong))
    .add('verdicts on 40 workloads × 40 rounds', () => judgeWorkloads(workloads))
    .add('program assembly, matmul', () => dispatches.map((dispatch) => assemble(dispatch)))
    .add('journal append, flushed to disk', () =>
      journal.append({ type: 'round', workload: 'bench', implementation: 'host', round }),
    );
  await bench.run();

  console.table(bench.tasks.map((task) => row(task, flags)));
  if (bench.tasks.some((task) => task.result.state !== 'completed')) process.exitCode = 1;
} finally {
  journal.close();
  rmSync(folder, { recursive: true, force: true });
}
