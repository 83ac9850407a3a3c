import type { JournalRecord } from '../../reports/journal-records.js';
import type { Measurement, Reason, Result, Round } from '../../reports/schema.js';
import { SCHEMA_ID, statusOf } from '../../reports/schema.js';
import { compareRounds, judgeReliability, rateOf, summarise } from '../../reports/statistics/index.js';
import type { Verdict } from '../../reports/verdict.js';
import { normal, seeded } from '../statistics/random.js';

/** A result as a `quick` run on a software adapter leaves it: every status, every family, made from a seed. */

const ROUNDS = 5;
const SAMPLES = 6;
const calibration = {
  clock: 'gpu' as const,
  resolutionNs: 1,
  overheadNs: 1200,
  hostOverheadNs: 41000,
  quantised: false,
};

interface Arm {
  readonly implementation: string;
  readonly family: Measurement['family'];
  readonly workload: string;
  readonly work: Measurement['work'];
  /** Work per second to come out at, about. */
  readonly rate: number;
  /** Relative standard deviation between rounds. */
  readonly noise?: number;
  readonly ceiling?: { of: string; value: number };
}

const matmul = {
  workload: 'matmul/f32/m512-n512-k512',
  family: 'ai',
  work: { operations: 2 ** 28, unit: 'flop', bytes: 3 << 20 },
} as const;
const scan = {
  workload: 'sha256d-scan/n262144',
  family: 'mining',
  work: { operations: 262144, unit: 'hash', bytes: 96 },
} as const;
const attention = {
  workload: 'attention/f32/b1-h8-kv2-q128-k128-d64-causal',
  family: 'ai',
  work: { operations: 2 ** 24, unit: 'flop', bytes: 655360 },
} as const;
const copy = {
  workload: 'copy/b67108864',
  family: 'memory',
  work: { operations: 2 ** 27, unit: 'byte', bytes: 2 ** 27 },
} as const;
const fma = {
  workload: 'fma-f32/t65536-r1024',
  family: 'arithmetic',
  work: { operations: 2 ** 30, unit: 'flop', bytes: 2 ** 18 },
} as const;
const half = {
  workload: 'matmul/f16/m512-n512-k512',
  family: 'ai',
  work: { operations: 2 ** 28, unit: 'flop', bytes: 3 << 19 },
} as const;
const flops = { of: fma.workload, value: 43.1e9 };

const random = seeded(20261123);
let order = 0;

function timed(arm: Arm): Measurement {
  const { ceiling = null, noise = 0.004 } = arm;
  const gpu = arm.implementation.startsWith('assay/');
  const ns = (arm.work.operations * 1e9) / arm.rate;
  const batch = Math.max(1, Math.round(2e6 / ns));
  const rounds: Round[] = Array.from({ length: ROUNDS }, (_, index) => {
    const level = ns * (1 + noise * normal(random));
    const samplesNs = Array.from(
      { length: SAMPLES },
      () => Math.round(level * batch * (1 + 0.002 * Math.abs(normal(random)))) / batch,
    );
    const hostSamplesNs = gpu ? samplesNs.map((s) => (Math.round(s * batch) + 41000) / batch) : samplesNs;
    const tMs = 900 + 130 * order;
    return { order: order++, index, tMs, samplesNs, hostSamplesNs, discarded: 0 };
  });
  const summary = summarise(rounds);
  const rate = rateOf(arm.work, summary);
  const fraction = ceiling && rate ? rate.value / ceiling.value : null;
  const clock = gpu ? ('gpu' as const) : ('host' as const);
  const reasons = judgeReliability({ rounds, summary, calibration, clock, batch, ceilingFraction: fraction });
  return {
    ...untimed(arm),
    ...{ clock, batch, inputSets: 4, compileMs: gpu ? 21.5 : null, rounds, summary, rate, reasons },
    correctness: correctness(arm, 'correct'),
    ceiling: ceiling && fraction !== null ? { ...ceiling, fraction } : null,
    status: statusOf(reasons),
  };
}

function untimed(
  arm: Omit<Arm, 'rate'>,
  status: 'failed' | 'skipped' = 'skipped',
  reasons: Reason[] = [],
): Measurement {
  const { workload, family, implementation, work } = arm;
  const ours = implementation.startsWith('assay/');
  return {
    ...{ workload, family, implementation, work, status, reasons },
    provenance: ours ? null : `${implementation.split('/')[0]} 1.30.0, ${implementation.split('/')[1]}`,
    tuning: ours && implementation.includes('tiled') ? { tileM: 64, tileN: 64, tileK: 16 } : {},
    ...{ tuningSource: 'default', tunedOn: null, mode: 'safe' },
    correctness: correctness(arm, status === 'failed' ? 'incorrect' : 'not-checked'),
    ...{ clock: ours ? 'gpu' : 'host', batch: 0, inputSets: 0, compileMs: null, deviceBytes: null, rounds: [] },
    ...{ summary: null, rate: null, ceiling: null, roofline: null, versusBaseline: null, energy: null },
  };
}

function correctness(
  { family }: Pick<Arm, 'family'>,
  status: Measurement['correctness']['status'],
): Measurement['correctness'] {
  const exact = family !== 'ai';
  return {
    status,
    method: exact ? 'every output against node:crypto' : 'every element against f64, relative to |a|·|b|',
    maxError: status === 'not-checked' ? null : exact ? 0 : 3.1e-7,
    tolerance: exact ? { kind: 'exact' } : { kind: 'bound', bound: 3.1e-5, reason: 'k · 2⁻²⁴ for sums in any order' },
    seeds: status === 'not-checked' ? [] : [1, 2],
  };
}

function measurements(): Measurement[] {
  const list = [
    timed({ ...matmul, implementation: 'assay/naive', rate: 0.902e9, ceiling: flops }),
    timed({ ...matmul, implementation: 'assay/tiled', rate: 3.11e9, ceiling: flops }),
    timed({ ...matmul, implementation: 'assay/register-tiled', rate: 5.93e9, ceiling: flops }),
    untimed({ ...matmul, implementation: 'assay/broadcast' }, 'failed', [
      { code: 'wrong-result', detail: 'element 4711 of seed 2: expected -3.25, got 0' },
    ]),
    timed({ ...matmul, implementation: 'onnxruntime/webgpu', rate: 3.42e9, noise: 0.04, ceiling: flops }),
    timed({ ...matmul, implementation: 'onnxruntime/cpu', rate: 70.4e9 }),
    timed({ ...scan, implementation: 'assay/naive', rate: 1.21e6 }),
    timed({ ...scan, implementation: 'assay/unrolled', rate: 4.61e6 }),
    timed({ ...scan, implementation: 'node-crypto/cpu', rate: 0.806e6 }),
    timed({ ...attention, implementation: 'assay/naive', rate: 0.42e9, ceiling: flops }),
    timed({ ...attention, implementation: 'assay/streaming', rate: 0.97e9, noise: 0.025, ceiling: flops }),
    timed({ ...attention, implementation: 'onnxruntime/cpu', rate: 18.9e9 }),
    untimed({ ...attention, implementation: 'tensorflow/webgpu' }, 'skipped', [
      { code: 'baseline-not-installed', detail: 'npm install @tensorflow/tfjs-core @tensorflow/tfjs-backend-webgpu' },
    ]),
    timed({ ...copy, implementation: 'assay/vec4', rate: 3.52e9 }),
    timed({ ...fma, implementation: 'assay/chains', rate: 43.1e9 }),
    ...['assay/naive', 'assay/tiled', 'assay/subgroup-matrix'].map((implementation) =>
      untimed({ ...half, implementation }, 'skipped', [{ code: 'missing-feature', detail: 'shader-f16' }]),
    ),
  ];
  return list.map((m) => {
    const peer = list
      .filter((p) => p.workload === m.workload && !p.implementation.startsWith('assay/') && p.rate)
      .sort((a, b) => (b.rate?.value ?? 0) - (a.rate?.value ?? 0))[0];
    if (!peer || !m.rate || !m.implementation.startsWith('assay/')) return m;
    const found = compareRounds(m.rounds, peer.rounds);
    if (!found) return m;
    const { pairs: _, ...ratio } = found;
    return { ...m, versusBaseline: { peer: peer.implementation, ...ratio } };
  });
}

const made: Result = {
  schema: SCHEMA_ID,
  id: '20261123T104512Z-quick-ab12',
  tool: { name: 'gpu-assay', version: '0.1.0', commit: '1139fe0c2b7d', dirty: false },
  suite: 'quick',
  seed: 1,
  startedAt: '2026-11-23T10:45:12.000Z',
  finishedAt: '2026-11-23T10:46:03.000Z',
  host: { os: 'linux', kernel: '6.1.0', cpu: 'AMD EPYC, 2 cores', memoryBytes: 8 * 2 ** 30, node: '20.20.2' },
  device: {
    name: 'llvmpipe (LLVM 19.1.7, 256 bits)',
    vendor: 'mesa',
    architecture: 'llvmpipe',
    description: 'llvmpipe: Mesa 25.0.7-2~bpo12+1 (LLVM 19.1.7)',
    backend: 'vulkan',
    software: true,
    driver: 'Mesa 25.0.7',
    features: ['timestamp-query', 'subgroups'],
    limits: { maxStorageBufferBindingSize: 134217728, maxComputeWorkgroupStorageSize: 32768 },
    toggles: { enabled: [], disabled: ['timestamp_quantization'] },
    identity: null,
    vramBytes: null,
    powerLimitWatts: null,
  },
  calibration,
  measurements: measurements(),
  checks: [],
  telemetry: [],
  events: [{ tMs: 41200, code: 'baseline-missing', detail: 'tensorflow/webgpu is not installed' }],
};

/** A fresh copy every time, so that a test may spoil it. */
export function sampleResult(changes: Partial<Result> = {}): Result {
  return { ...structuredClone(made), ...changes };
}

/** The same run as if on a card: named, sensed, not a software adapter. */
export function hardwareResult(): Result {
  const result = sampleResult();
  Object.assign(result.device, {
    ...{ name: 'NVIDIA GeForce RTX 3090', vendor: 'nvidia', architecture: 'ampere', software: false },
    ...{ description: 'NVIDIA GeForce RTX 3090', driver: '570.86.16', vramBytes: 24 * 2 ** 30, powerLimitWatts: 350 },
    identity: {
      ...{
        pciId: '10de:2204',
        subsystemId: '1458:403b',
        busAddress: '0000:01:00.0',
        uuidHash: 'b3f1…',
        vbios: '94.02.26',
      },
      source: 'nvml',
    },
  });
  return result;
}

/** The journal that a run with this result leaves behind, rounds in the order in which they were measured. */
export function journalOf(result: Result): JournalRecord[] {
  const { id, tool, suite, seed, host, startedAt, finishedAt, device, measurements } = result;
  const workloads = [...new Set(measurements.map((m) => m.workload))];
  const begin: JournalRecord[] = [
    {
      ...{ type: 'start', id, tool, suite, workloads, seed, mode: 'safe', rounds: ROUNDS, deviceSelector: null },
      ...{ options: { baselines: ['onnxruntime/cpu'] }, host, startedAt },
    },
    { type: 'device', device, calibration: result.calibration },
  ];
  const body = measurements.flatMap((measurement): JournalRecord[] => {
    const { rounds, summary, rate, ceiling, roofline, versusBaseline, energy, status, reasons, ...fields } =
      measurement;
    const { workload, implementation } = measurement;
    const last = { ...fields, summary, rate, ceiling, roofline, versusBaseline, energy, status, reasons };
    return [
      ...(rounds.length > 0 ? [{ type: 'prepared' as const, ...fields }] : []),
      ...rounds.map((round) => ({ type: 'round' as const, workload, implementation, round })),
      { type: 'measurement', measurement: last },
    ];
  });
  const events = result.events.map((e): JournalRecord => ({ type: 'event', ...e }));
  const end: JournalRecord[] = finishedAt === null ? [] : [{ type: 'end', finishedAt, exitCode: 0 }];
  return [...begin, ...body, ...events, ...end];
}

/** A qualification's verdict, with some of it changed. */
export const sampleVerdict = (changes: Partial<Verdict> = {}): Verdict => ({
  ...{ overall: 'PASS', grade: 'B', because: [] },
  mining: {
    ...{ words: 'Its 6 GiB hold Etchash.', missing: ['hash rate of Etchash'], usableBytes: 6 * 2 ** 30 },
    algorithms: [{ name: 'Etchash', needsBytes: 4.4 * 2 ** 30, fits: true, hashesPerSecond: null }],
  },
  ai: {
    ...{ words: 'Its 6 GiB hold a model.', missing: [], usableBytes: 6 * 2 ** 30, contextTokens: 4096 },
    models: [{ name: 'Llama 3.2 1B', weights: 'q4', needsBytes: 2 ** 30, fits: true, tokensPerSecond: 41 }],
    marketplace: { memory: false, link: null },
  },
  policy: { schema: 'assay.policy/1', name: 'default' },
  ...{ level: 'quick', rehearsal: false, fault: null, challenge: null },
  ...changes,
});
