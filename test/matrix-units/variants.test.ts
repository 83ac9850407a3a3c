import { afterAll, describe, expect, test } from 'vitest';
import type { Card } from '../../harness/card.js';
import { listAdapters } from '../../harness/environment/probe.js';
import type { Kernel, Tuning, Variant } from '../../kernels/declaration.js';
import { kernels } from '../../kernels/index.js';
import { kernelName } from '../../kernels/shape.js';
import { MATRIX_FEATURES } from '../../kernels/subgroup-matrix.js';
import { cardOrSkip } from '../harness/adapter.js';

/**
 * Every variant that uses matrix units, executed and verified: known answers, odd probes, the pilot's shape, guard
 * words, two seeds, and again after timed executions. Few adapters have such units; `npm run test:matrix-units` makes
 * an environment that has, and there nothing may be skipped.
 */
const REQUIRED = process.env.ASSAY_MATRIX_UNITS === 'required';
const TIMEOUT_MS = 100_000;

let opened: Promise<Card> | null = null;
afterAll(async () => (await opened)?.close());

type Context = Parameters<typeof cardOrSkip>[0];

function skip(context: Context, reason: string): never {
  if (REQUIRED) throw new Error(`matrix units are required here, but ${reason}`);
  return context.skip(reason);
}

async function cardWithMatrices(context: Context): Promise<Card> {
  // A compiler that takes too long ends the worker; the next variant is to be judged by itself.
  if ((await opened)?.worker.gone) opened = null;
  opened ??= cardOrSkip(context);
  const card = await opened;
  const missing = MATRIX_FEATURES.filter((feature) => !card.device.features.includes(feature));
  if (missing.length > 0)
    skip(context, `${card.device.name} lacks ${missing.join(', ')} (npm run test:matrix-units has it in software)`);
  return card;
}

const usesMatrices = ({ requires = [] }: Variant<unknown, unknown>) => requires.includes(MATRIX_FEATURES[0]);

/** The defaults, and each value of each tuning parameter by itself. */
const tuningsOf = ({ tuning = {} }: Variant<unknown, unknown>): Tuning[] => [
  {},
  ...Object.entries(tuning).flatMap(([name, values]) => values.slice(1).map((value) => ({ [name]: value }))),
];

let handle = 0;
async function verify(context: Context, kernel: Kernel, variant: string, tuning: Tuning): Promise<void> {
  const { worker } = await cardWithMatrices(context);
  handle++;
  const prepared = await worker.call(
    'prepare',
    {
      ...{ handle, kernel: kernelName(kernel), shape: { ...kernel.pilot }, implementation: `assay/${variant}`, tuning },
      ...{ seeds: [1, 2] as [number, number], rotationBytes: 0, maxInputSets: 2, budgetMs: 60_000, pilotSlack: 1 },
      ...{ minExecutions: 1, warmup: { executions: 1, ms: 1 } },
    },
    TIMEOUT_MS,
  );
  const [reason] = prepared.reasons;
  if (prepared.status === 'skipped' && reason?.code === 'missing-feature') skip(context, reason.detail);
  // A tuning may want more than this adapter has, the default may not.
  if (prepared.status === 'skipped' && reason?.code === 'exceeds-limit' && Object.keys(tuning).length > 0)
    return context.skip(reason.detail);
  expect(prepared).toMatchObject({ status: 'ready', reasons: [], correctness: { status: 'correct' } });
  const rounded = await worker.call('round', { handle, samples: 1 }, TIMEOUT_MS);
  expect(rounded.reasons).toEqual([]);
  const rechecked = await worker.call('recheck', { handle }, TIMEOUT_MS);
  expect(rechecked).toMatchObject({ reasons: [], correctness: { status: 'correct' } });
  await worker.call('release', { handle }, TIMEOUT_MS);
}

/** A model or a layer of any size is made of the same variants; one for cards would take minutes, where it fits at all. */
const small = (kernel: Kernel) => kernel.work(kernel.pilot).bytes < 2 ** 26;

for (const kernel of kernels.filter(small))
  for (const variant of kernel.variants.filter(usesMatrices))
    describe(`${kernelName(kernel)}/${variant.id}`, () => {
      for (const tuning of tuningsOf(variant))
        test(`is verified with ${Object.keys(tuning).length > 0 ? JSON.stringify(tuning) : 'its defaults'}`, (context) =>
          verify(context, kernel, variant.id, tuning));
    });

test('plans read the same matrix units as `assay devices` lists, and the result has them', async (context) => {
  const { limits, device } = await cardWithMatrices(context);
  const { adapters } = await listAdapters();
  const listed = adapters.find(({ name }) => name === device.name);
  expect(limits.subgroupMatrixConfigs.length).toBeGreaterThan(0);
  expect(limits.subgroupMatrixConfigs).toEqual(listed?.subgroupMatrixConfigs);
  expect(device.subgroupMatrixConfigs).toEqual(listed?.subgroupMatrixConfigs);
  expect([limits.subgroupMinSize, limits.subgroupMaxSize]).toEqual([listed?.subgroupMinSize, listed?.subgroupMaxSize]);
});
