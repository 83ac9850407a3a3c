import { z } from 'zod';
import { candidates } from '../../harness/environment/candidates.js';
import type { ListedAdapter } from '../../harness/environment/probe.js';
import { missingFigures, telemetryOf } from '../../harness/telemetry/index.js';
import { problemCodes } from '../../harness/telemetry/types.js';
import { telemetrySources } from '../../reports/telemetry.js';

/** What telemetry an adapter has, as `devices` and `doctor` show it. */
export const telemetryStanding = z.object({
  adapter: z.string(),
  source: z.enum(telemetrySources).nullable(),
  busAddress: z.string().nullable(),
  /** Names of figures that one reading lacked. */
  missing: z.array(z.string()),
  problems: z.array(z.object({ code: z.enum(problemCodes), detail: z.string(), remedy: z.string().nullable() })),
});
export type TelemetryStanding = z.infer<typeof telemetryStanding>;

/** Reads the telemetry of every hardware adapter once, each in a process of its own. Never throws. */
export async function lookAtTelemetry(adapters: readonly ListedAdapter[]): Promise<TelemetryStanding[]> {
  const hardware = adapters.filter(({ software }) => !software);
  if (hardware.length === 0) return [];
  const environments = new Map(
    candidates({ deviceName: null, software: false }).map(({ id, env }) => [id, env] as const),
  );
  return Promise.all(
    hardware.map(async (adapter): Promise<TelemetryStanding> => {
      const env = environments.get(adapter.candidate) ?? {};
      const telemetry = await telemetryOf(adapter, env);
      const standing = { adapter: adapter.name, source: telemetry.source, busAddress: telemetry.facts.busAddress };
      try {
        const missing = telemetry.source === null ? [] : missingFigures(await telemetry.sample());
        return { ...standing, missing, problems: [...telemetry.problems] };
      } catch (error) {
        const lost = { code: 'card-lost' as const, detail: (error as Error).message, remedy: null };
        return { ...standing, source: null, missing: [], problems: [...telemetry.problems, lost] };
      } finally {
        await telemetry.close();
      }
    }),
  );
}

/** One line: the source and what it does not tell, or why there is none. */
export function telemetryWords({ source, missing, problems }: TelemetryStanding): string {
  if (source === null) return `none: ${problems.map(({ detail }) => detail).join('; ') || 'no source for this card'}`;
  return missing.length === 0 ? source : `${source}, without ${missing.join(', ')}`;
}
