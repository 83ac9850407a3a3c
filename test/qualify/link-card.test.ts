import { afterAll, describe, expect, test } from 'vitest';
import { linkStep } from '../../bench/qualify/checks/link.js';
import { openCard } from '../../harness/card.js';
import { context } from './card-context.js';

/** The same on whatever adapter there is: the transfers are real, and the fault's are, too. */
const opened = openCard();
afterAll(async () => (await opened).close());

describe('the link of the adapter at hand', { timeout: 120_000 }, () => {
  test('carries right bytes, and does not drop', async () => {
    const card = await opened;
    const facts = { ...context().facts, pciId: null, linkMax: { generation: null, width: null } };
    const outcome = await linkStep.run({ ...context({ device: card.device, facts }), card, budgetMs: 2000 });
    expect(outcome.reasons.map(({ code }) => code)).not.toContain('link-dropped');
    expect(outcome.reasons.map(({ code }) => code)).not.toContain('link-data-wrong');
    for (const rate of ['uploadBytesPerSecond', 'readbackBytesPerSecond', 'bothWaysBytesPerSecond'])
      expect(outcome.figures[rate]).toBeGreaterThan(0);
    expect(outcome.figures.bytesMoved).toBeGreaterThan(3 * 12 * 2 ** 20);
  });

  test.each([1, 2, 3])('drops when that is rehearsed, seed %d', async (seed) => {
    const card = await opened;
    const rehearsed = { ...context({ device: card.device }), card, budgetMs: 2000, seed, fault: 'link-drop' as const };
    const outcome = await linkStep.run(rehearsed);
    expect(outcome.status).toBe('fail');
    expect(outcome.reasons[0]?.code).toBe('link-dropped');
  });
});
