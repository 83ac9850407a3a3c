import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_POLICY, type Policy } from '../../bench/qualify/policy.js';
import type { QualifySettings } from '../../bench/qualify/settings.js';
import type { CheckStep } from '../../bench/qualify/step.js';
import { openStore } from '../../reports/store.js';
import { testDevice } from '../harness/adapter.js';

/** Little memory and few readings, so that a qualification takes seconds. */
export const SMALL: Policy = {
  ...DEFAULT_POLICY,
  name: 'small',
  memory: { ...DEFAULT_POLICY.memory, rehearsalMiB: 4 },
  telemetry: { ...DEFAULT_POLICY.telemetry, constantSamples: 5 },
  verdict: { ...DEFAULT_POLICY.verdict, needed: { ...DEFAULT_POLICY.verdict.needed, rehearsal: ['memory'] } },
};

export const settingsOf = (changes: Partial<QualifySettings> = {}): QualifySettings => ({
  ...{ level: 'quick', checks: null, seed: 1, policy: SMALL, fault: null, challenge: null },
  ...{ device: testDevice ?? null, software: true, timeScale: 0.015 },
  ...changes,
});

/** A results folder, and a folder of locks that nobody else looks at. */
export function places() {
  const folder = mkdtempSync(join(tmpdir(), 'assay-qualify-'));
  return { store: openStore(join(folder, 'results')), lockFolder: join(folder, 'locks'), folder };
}

/** A check that computes a little on its card, and knows the answer. */
export const hashing = (id: CheckStep['id']): CheckStep => ({
  ...{ id, title: id, about: 'SHA-256 of a known message' },
  async run({ card, progress }) {
    const { digests } = await card.run('sha256', { messages: [new TextEncoder().encode('abc')] });
    progress(1, 'hashed');
    const right = Buffer.from(digests[0] as Uint8Array)
      .toString('hex')
      .startsWith('ba7816bf');
    return { status: right ? 'pass' : 'fail', reasons: [], figures: { digests: digests.length } };
  },
});
