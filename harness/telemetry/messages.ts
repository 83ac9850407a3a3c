import { z } from 'zod';
import { defineTelemetrySample, telemetrySources } from '../../reports/telemetry.js';
import { problemCodes } from './types.js';

/** What the telemetry process and its parent say to each other; checked where it arrives. */
const figure = z.number().nullable();
const word = z.string().nullable();

const cardFacts = z.object({
  ...{ name: word, uuidHash: word, busAddress: word, pciId: word, subsystemId: word, vbios: word, driver: word },
  ...{ vramBytes: figure, powerLimitWatts: figure, powerDefaultLimitWatts: figure },
  linkMax: z.object({ generation: figure, width: figure }),
  eccEnabled: z.boolean().nullable(),
});

const problem = z.object({ code: z.enum(problemCodes), detail: z.string(), remedy: word });
export const figures = defineTelemetrySample(z.object).omit({ tMs: true, source: true });

export const opened = z.object({
  source: z.enum(telemetrySources).nullable(),
  facts: cardFacts,
  problems: z.array(problem),
});
export const answer = z.union([
  z.object({ opened }),
  z.object({ figures, problems: z.array(problem) }),
  z.object({ lost: z.string(), problems: z.array(problem) }),
]);
export type Answer = z.infer<typeof answer>;

export const request = z.union([
  z.object({
    open: z.object({
      identity: z.object({
        ...{ name: z.string(), vendorId: word, pciId: word, busAddress: word, software: z.boolean() },
      }),
      roots: z.object({
        sysfs: z.string().optional(),
        nvml: z.string().optional(),
        nvidiaSmi: z.string().optional(),
        vulkan: z.string().nullable().optional(),
      }),
    }),
  }),
  z.object({ sample: z.literal(true) }),
]);
export type Request = z.infer<typeof request>;
