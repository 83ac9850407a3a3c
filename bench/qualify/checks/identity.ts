import { readFileSync } from 'node:fs';
import { outcomeOf } from '../../../reports/card-status/finding.js';
import { judgeIdentity } from '../../../reports/card-status/identity.js';
import type { CheckContext, CheckOutcome, CheckStep } from '../step.js';

/** Linux marks a processor under a hypervisor with a flag; null where it does not tell. */
export function underHypervisor(file = '/proc/cpuinfo'): boolean | null {
  try {
    const flags = /^flags\s*:(.*)$/m.exec(readFileSync(file, 'utf8'))?.[1];
    return flags === undefined ? null : / hypervisor(?: |$)/.test(flags);
  } catch {
    return null;
  }
}

export const identityStep: CheckStep = {
  id: 'identity',
  title: 'Identity',
  about: 'Whether the card is what it says: names, PCI ids, VBIOS, memory and link against each other and the model.',
  async run({ card, facts, policy, progress }: CheckContext): Promise<CheckOutcome> {
    progress(0, 'comparing what the card says');
    const { device } = card;
    const judged = judgeIdentity(
      { claimed: device, told: facts, virtualMachine: device.software ? null : underHypervisor() },
      policy.identity,
    );
    progress(1, 'compared');
    const outcome = outcomeOf(judged);
    return device.software ? { ...outcome, status: 'skipped' } : outcome;
  },
};
