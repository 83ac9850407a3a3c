import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { ContestantProcess } from '../../harness/contestant-process.js';
import { cardOrSkip } from './adapter.js';

const script = fileURLToPath(new URL('../fixtures/adversarial/worker.mjs', import.meta.url));
let worker: ContestantProcess | null = null;
afterAll(() => worker?.close());

async function measure(context: Parameters<typeof cardOrSkip>[0], variant: string) {
  if (!worker) {
    const card = await cardOrSkip(context);
    worker = new ContestantProcess('adversarial', script, [], card.env);
    await card.close();
    await worker.call('open', { deviceName: null, software: card.device.software, mode: 'safe' }, 60_000);
  }
  const handle = 1;
  const params = {
    ...{ handle, kernel: 'adversarial', shape: { length: 100001 }, implementation: `assay/${variant}`, tuning: {} },
    ...{ seeds: [1, 2] as [number, number], rotationBytes: 1e6, maxInputSets: 4, budgetMs: 60_000, minExecutions: 1 },
    pilotSlack: 1,
    warmup: { executions: 5, ms: 1 },
  };
  const prepared = await worker.call('prepare', params, 60_000);
  if (prepared.status !== 'ready') return prepared;
  const { samplesNs, hostSamplesNs } = await worker.call('round', { handle, samples: 3 }, 60_000);
  expect(samplesNs).toHaveLength(3);
  expect(hostSamplesNs.every((ns) => ns > 0)).toBe(true);
  const rechecked = await worker.call('recheck', { handle }, 60_000);
  await worker.call('release', { handle }, 60_000);
  return { ...prepared, ...rechecked };
}

describe('a kernel that cheats gets no number', () => {
  test('the control: an honest kernel is verified, timed and verified again', async (context) => {
    const answer = await measure(context, 'honest');
    expect(answer).toMatchObject({ status: 'ready', reasons: [], correctness: { status: 'correct' } });
    expect(answer.batch).toBeGreaterThanOrEqual(1);
    expect(answer.inputSets).toBeGreaterThanOrEqual(2);
  });

  const cheats = [
    ['writes-nothing', 'wrong-result', /word 0: expected \d+, got 4294967295/],
    ['stale', 'wrong-result', /seed 2/],
    ['mutates-input', 'mutates-input', /input input was changed/],
    ['out-of-bounds', 'writes-out-of-bounds', /output: the word \d+ bytes past the end/],
    ['first-seed-only', 'wrong-result', /seed 2/],
  ] as const;
  for (const [variant, code, detail] of cheats)
    test(`${variant} is refused as ${code} before it is timed`, async (context) => {
      const answer = await measure(context, variant);
      expect(answer).toMatchObject({ status: 'failed', correctness: { status: 'incorrect' }, sampleNs: null });
      expect(answer.reasons).toEqual([{ code, detail: expect.stringMatching(detail) }]);
    });

  test('one that goes wrong while it is timed is refused afterwards', async (context) => {
    const answer = await measure(context, 'tires');
    expect(answer.correctness.status).toBe('incorrect');
    expect(answer.reasons).toEqual([{ code: 'wrong-after-timing', detail: expect.stringContaining('after timing') }]);
  });

  test('WGSL that does not compile is placed in its source, not in the generated text', async (context) => {
    const answer = await measure(context, 'broken');
    expect(answer).toMatchObject({ status: 'failed', correctness: { status: 'not-checked' } });
    expect(answer.reasons[0]?.code).toBe('shader-error');
    expect(answer.reasons[0]?.detail).toMatch(/broken\.wgsl:5:39: unresolved value 'inptu'/);
  });

  test('a missing feature is skipped by name', async (context) => {
    const answer = await measure(context, 'needs-the-impossible');
    expect(answer.status).toBe('skipped');
    expect(answer.reasons[0]?.detail).toContain('texture-compression-astc-hdr');
  });
});
