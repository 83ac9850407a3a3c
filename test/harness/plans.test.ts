import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { ContestantProcess } from '../../harness/contestant-process.js';
import { cardOrSkip } from './adapter.js';

const script = fileURLToPath(new URL('../fixtures/plans/worker.mjs', import.meta.url));
let opened: Promise<{ worker: ContestantProcess; limits: Record<string, number> }> | null = null;
afterAll(async () => (await opened)?.worker.close());

async function open(context: Parameters<typeof cardOrSkip>[0]) {
  const card = await cardOrSkip(context);
  const worker = new ContestantProcess('plans', script, [], card.env);
  await card.close();
  await worker.call('open', { deviceName: null, software: card.device.software, mode: 'safe' }, 60_000);
  return { worker, limits: card.device.limits };
}

async function prepare(context: Parameters<typeof cardOrSkip>[0], variant: string, length = 100001) {
  opened ??= open(context);
  const { worker } = await opened;
  const params = {
    ...{ handle: 1, kernel: 'plans', shape: { length }, implementation: `assay/${variant}`, tuning: {} },
    ...{ seeds: [1, 2] as [number, number], rotationBytes: 3e6, maxInputSets: 4, budgetMs: 60_000, minExecutions: 1 },
    ...{ pilotSlack: 1, warmup: { executions: 5, ms: 1 } },
  };
  const prepared = await worker.call('prepare', params, 60_000);
  if (prepared.status !== 'ready') return { prepared, rounded: null, rechecked: null };
  const rounded = await worker.call('round', { handle: 1, samples: 3 }, 60_000);
  const rechecked = await worker.call('recheck', { handle: 1 }, 60_000);
  await worker.call('release', { handle: 1 }, 60_000);
  return { prepared, rounded, rechecked };
}

test('the sentinel is timed when it is asked for, and only then', async (context) => {
  opened ??= open(context);
  const { worker } = await opened;
  const params = {
    ...{ handle: 2, kernel: 'plans', shape: { length: 1000 }, implementation: 'assay/resident', tuning: {} },
    ...{ seeds: [1, 2] as [number, number], rotationBytes: 1, maxInputSets: 2, budgetMs: 60_000, minExecutions: 1 },
    ...{ pilotSlack: 1, warmup: { executions: 1, ms: 1 } },
  };
  expect((await worker.call('prepare', params, 60_000)).status).toBe('ready');
  const take = async (sentinel?: 'none' | 'before' | 'after' | 'both') =>
    (await worker.call('round', { handle: 2, samples: 1, ...(sentinel && { sentinel }) }, 60_000)).sentinelNs;
  const time = expect.any(Number);
  expect(await take()).toEqual({ before: null, after: null });
  expect(await take('none')).toEqual({ before: null, after: null });
  expect(await take('before')).toEqual({ before: time, after: null });
  expect(await take('after')).toEqual({ before: null, after: time });
  const { before, after } = await take('both');
  // Long enough to be told from the clock's step, and both of them the same work.
  expect(Math.min(before ?? 0, after ?? 0)).toBeGreaterThan(1e5);
  await worker.call('release', { handle: 2 }, 60_000);
});

describe('how a plan brings its data to the device', () => {
  test('resident buffers are filled once, shared by all input sets, and right after timing too', async (context) => {
    const { prepared, rounded, rechecked } = await prepare(context, 'resident');
    expect(prepared).toMatchObject({ status: 'ready', correctness: { status: 'correct' }, inputSets: 4 });
    expect(rounded?.reasons).toEqual([]);
    expect(rechecked?.reasons).toEqual([]);
    // Four inputs, one output, two residents, each with its guard words.
    expect(prepared.deviceBytes).toBe(7 * (100001 * 4 + 256));
  });
  test('a resident buffer that was given and is changed is refused', async (context) => {
    const { prepared } = await prepare(context, 'spoils-resident');
    expect(prepared).toMatchObject({ status: 'failed', reasons: [{ code: 'mutates-input' }] });
    expect(prepared.reasons[0]?.detail).toContain('given');
  });
  test('immediate data reaches the kernel and takes no memory', async (context) => {
    const { prepared, rounded } = await prepare(context, 'immediate');
    if (prepared.reasons[0]?.code === 'missing-feature') return context.skip(prepared.reasons[0].detail);
    expect(prepared).toMatchObject({ status: 'ready', correctness: { status: 'correct' } });
    expect(rounded?.reasons).toEqual([]);
    expect(prepared.deviceBytes).toBe(5 * (100001 * 4 + 256));
    return undefined;
  });
  test('a card that cannot hold it is told what the memory is for', async (context) => {
    opened ??= open(context);
    const most = (await opened).limits.maxStorageBufferBindingSize as number;
    const { prepared } = await prepare(context, 'resident', Math.ceil(most / 4));
    expect(prepared).toMatchObject({ status: 'skipped', reasons: [{ code: 'exceeds-limit' }] });
    expect(prepared.reasons[0]?.detail).toMatch(/^the fixture of \d+ words needs a bigger card \(.*maxStorage/);
  });
});
