import type { TestContext } from 'vitest';
import { type Card, EnvironmentError, openCard } from '../../harness/card.js';

/** Adapter that tests use: any, or the one that ASSAY_TEST_DEVICE names. */
export const testDevice = process.env.ASSAY_TEST_DEVICE;

/** Opens a card or skips the test with the reason. */
export async function cardOrSkip(context: TestContext): Promise<Card> {
  try {
    return await openCard(testDevice ? { device: testDevice } : {});
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    return context.skip(`no adapter: ${error.message.split('\n')[0]}`);
  }
}
