import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import type { Card } from '../../harness/card.js';
import type { Kernel, Shape } from '../../kernels/declaration.js';
import { kernels } from '../../kernels/index.js';
import { kernelName, workloadId } from '../../kernels/shape.js';
import { median } from '../../reports/statistics/index.js';
import { cardOrSkip } from './adapter.js';

/**
 * A ceiling is bound by what it says it is bound by: twice the work takes twice the time. Were it bound by the
 * dispatch, by the loads before the loop or by the stores after it, it would take less.
 */

let opened: Promise<Card> | null = null;
const card = (context: Parameters<typeof cardOrSkip>[0]) => {
  opened ??= cardOrSkip(context);
  return opened;
};
afterAll(async () => (await opened)?.close());

/** The axis that is doubled, and a size of about a millisecond on a software adapter; short samples batch it. */
const SIZES: Readonly<Record<string, Shape>> = {
  blocks: { blocks: 32, iterations: 4 },
  iterations: { invocations: 1024, iterations: 32 },
  // On a software adapter within a processor's own cache: what lies beyond is shared with other programs.
  pages: { bytes: 2 ** 18, pages: 2 ** 14 },
  bytes: { bytes: 2 ** 21 },
};
const axisOf = (kernel: Kernel) => Object.keys(SIZES).find((name) => kernel.axes.some((axis) => axis.name === name));

/** Bound by the bus, so that only a card can show it. */
const BUS = ['upload', 'readback', 'duplex'];

const TIMEOUT_MS = 100_000;
const ROUNDS = 7;
const LONG_NS = 150e6;
/** Less would be overhead. More: of bytes, a cache that holds the single and not the double. */
const isTwice = (ratio: number, axis: string) => ratio > 1.6 && ratio < (axis === 'bytes' ? 3.5 : 2.5);
const LOOKS = 5;
let handles = 1;

interface Held {
  readonly handle: number;
  readonly batch: number;
  /** Samples that outweigh what a round costs without them. */
  readonly samples: number;
}

async function prepare({ worker }: Card, kernel: Kernel, variant: string, shape: Shape): Promise<Held> {
  const handle = handles++;
  const answer = await worker.call(
    'prepare',
    {
      ...{ handle, kernel: kernelName(kernel), shape: { ...shape }, implementation: `assay/${variant}`, tuning: {} },
      ...{ seeds: [1, 2] as [number, number], rotationBytes: 0, maxInputSets: 2, budgetMs: 60_000, pilotSlack: 1 },
      ...{ minExecutions: 1, warmup: { executions: 2, ms: 20 } },
    },
    TIMEOUT_MS,
  );
  expect(answer, workloadId(kernel, shape)).toMatchObject({ status: 'ready', reasons: [] });
  const samples = Math.min(80, Math.max(8, Math.ceil(LONG_NS / (answer.sampleNs ?? LONG_NS))));
  return { handle, batch: answer.batch, samples };
}

/**
 * Nanoseconds of one execution: on a card by its clock; on a software adapter in processor time, which other
 * programs on the machine stretch least. What a round does besides its samples falls out of the difference.
 */
async function cost({ worker, device }: Card, { handle, batch, samples: more }: Held): Promise<number> {
  const round = async (samples: number) => {
    const before = processorNs(worker.pid);
    const { samplesNs, reasons } = await worker.call('round', { handle, samples }, TIMEOUT_MS);
    expect(reasons).toEqual([]);
    return { ns: Math.min(...samplesNs), processor: processorNs(worker.pid) - before };
  };
  if (!device.software || Number.isNaN(processorNs(worker.pid))) return (await round(5)).ns;
  const [few, many] = [await round(1), await round(1 + more)];
  return (many.processor - few.processor) / (more * batch);
}

/** The doubled work's cost over the single's, from rounds in alternating order, neighbours in time. */
async function ratioOf(gpu: Card, single: Held, double: Held): Promise<number> {
  const costs: [number[], number[]] = [[], []];
  for (let i = 0; i < ROUNDS; i++)
    for (const which of i % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const))
      costs[which].push(await cost(gpu, which === 0 ? single : double));
  return median(costs[1]) / median(costs[0]);
}

/** Processor time of a process's threads, as Linux counts it; NaN elsewhere. */
function processorNs(pid: number | undefined): number {
  const threads = `/proc/${pid}/task`;
  if (!existsSync(`/proc/${pid}/schedstat`)) return Number.NaN;
  return readdirSync(threads)
    .map((thread) => Number(readFileSync(`${threads}/${thread}/schedstat`, 'utf8').split(' ')[0]))
    .reduce((sum, ns) => sum + ns, 0);
}

// Everything else on the machine disturbs it, the other test files too.
describe('twice the work takes twice the time', { retry: 2 }, () => {
  for (const kernel of kernels.filter((k) => k.family === 'memory' || k.family === 'arithmetic'))
    for (const variant of kernel.variants)
      test(`${kernel.id}/${variant.id}`, async (context) => {
        const gpu = await card(context);
        const missing = (variant.requires ?? []).filter((feature) => !gpu.device.features.includes(feature));
        if (missing.length > 0) context.skip(`${gpu.device.name} lacks ${missing.join(', ')}`);
        if (gpu.device.software && BUS.includes(kernel.id))
          context.skip(`${gpu.device.name} has no bus: it copies from cache to cache, whose speed steps with the size`);
        const axis = axisOf(kernel);
        if (!axis) throw new Error(`no axis of ${kernel.id} can be doubled`);
        const once = SIZES[axis] as Shape;
        const twice = { ...once, [axis]: 2 * (once[axis] as number) };
        expect(kernel.work(twice).operations).toBe(2 * kernel.work(once).operations);
        const [single, double] = [
          await prepare(gpu, kernel, variant.id, once),
          await prepare(gpu, kernel, variant.id, twice),
        ];
        // A machine that others use as well may need more than one look; work that is not what takes the time fails all.
        const ratios: number[] = [];
        do ratios.push(await ratioOf(gpu, single, double));
        while (!isTwice(ratios.at(-1) as number, axis) && ratios.length < LOOKS);
        for (const { handle } of [single, double]) await gpu.worker.call('release', { handle }, TIMEOUT_MS);
        expect(
          ratios.some((ratio) => isTwice(ratio, axis)),
          `twice the work takes ${ratios.map((r) => r.toFixed(2)).join(', ')} of the time`,
        ).toBe(true);
      });
});
