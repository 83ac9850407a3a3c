import type { CheckId, CheckStep, Level } from './step.js';

/** Milliseconds of a whole qualification. On a software adapter it is a rehearsal, whatever the level is called. */
export const LEVEL_MS: Readonly<Record<'hardware' | 'software', Readonly<Record<Level, number>>>> = {
  hardware: { quick: 600_000, standard: 3_600_000, thorough: 8 * 3_600_000 },
  software: { quick: 75_000, standard: 120_000, thorough: 240_000 },
};

/** How it is shared out. Parts of a whole; those of checks that are not made go to the others. */
const SHARES: Readonly<Record<CheckId, number>> = {
  ...{ identity: 1, memory: 45, compute: 16, signature: 4, load: 24, link: 4, health: 1, performance: 5, telemetry: 0 },
};
/** Of checks that open a card: less is no time. */
const LEAST_MS = 50;

/** @param scale of all times; 1 but in tests */
export function budgetsOf(
  steps: readonly CheckStep[],
  level: Level,
  software: boolean,
  scale = 1,
): Map<CheckId, number> {
  const made = steps.filter(({ cardless }) => !cardless);
  const whole = made.reduce((sum, { id }) => sum + SHARES[id], 0);
  const total = LEVEL_MS[software ? 'software' : 'hardware'][level] * scale;
  return new Map(
    steps.map((step) => [
      step.id,
      step.cardless ? 0 : Math.max(LEAST_MS, (total * SHARES[step.id]) / Math.max(1, whole)),
    ]),
  );
}
