import { z } from 'zod';

/**
 * Where telemetry comes from: NVIDIA's library or its command, or the Linux driver of the card in sysfs. `rehearsal`:
 * made up, where a fault of telemetry is rehearsed on an adapter that has none.
 */
export const telemetrySources = ['nvml', 'nvidia-smi', 'amdgpu', 'i915', 'xe', 'rehearsal'] as const;
export type TelemetrySource = (typeof telemetrySources)[number];

/**
 * Why a card runs below the clock that it could reach. `idle`, `application-clocks`, `sync-boost` and `display` are
 * settings or rest; the others hold a loaded card back.
 */
export const throttleReasons = [
  /** The power limit, kept by the driver or the firmware. */
  'power-cap',
  /** A limit of current: of a supply rail or the voltage regulator. */
  'current-limit',
  /** Too hot, clocks lowered by software or firmware. */
  'thermal-software',
  /** Too hot, slowed down by hardware (HW Slowdown, PROCHOT, a hot voltage regulator). */
  'thermal-hardware',
  'hardware-slowdown',
  /** The system asked for less power, by a wire to the card. */
  'power-brake',
  'sync-boost',
  'application-clocks',
  'idle',
  'display',
  /** The driver names a reason that this program does not know. */
  'other',
] as const;
export type ThrottleReason = (typeof throttleReasons)[number];

/** Reasons that hold back a card with work to do. */
export const heldBackBy: readonly ThrottleReason[] = [
  ...(['power-cap', 'current-limit', 'thermal-software', 'thermal-hardware'] as const),
  ...(['hardware-slowdown', 'power-brake', 'other'] as const),
];

/** The sample, built with the strict or the tolerant builder of `schema.ts`. What the card does not tell is null. */
export function defineTelemetrySample(object: typeof z.object) {
  const amount = z.number().nonnegative().nullable();
  const count = z.number().int().nonnegative().nullable();
  const celsius = z.number().nullable();
  return object({
    /** Milliseconds since the run started, when the reading began. */
    tMs: z.number().nonnegative(),
    source: z.enum(telemetrySources),
    powerWatts: amount,
    /** `hotspot` is what AMD calls junction. */
    temperatureC: object({ edge: celsius, hotspot: celsius, memory: celsius }),
    /** `graphics` is the clock of the shader units (NVIDIA's SM clock, AMD's sclk). */
    clocksMHz: object({ graphics: amount, memory: amount }),
    /** Share of the time with something to do, as the driver counts it. */
    utilisationPercent: object({ graphics: amount, memory: amount }),
    fan: object({ percent: amount, rpm: amount }),
    /** Empty: running free. Null: not told. */
    throttleReasons: z.array(z.enum(throttleReasons)).nullable(),
    /** The slot's link as it is now; cards lower it when idle. */
    link: object({ generation: count, width: count }),
    /** Counters since the driver was loaded: transfers that the link repeated, and the kernel's error counts (AER). */
    pcie: object({ replays: count, correctable: count, uncorrectable: count }),
    /** Memory errors that ECC saw: since the driver was loaded, and in the card's life. */
    ecc: object({ corrected: count, uncorrected: count, correctedLifetime: count, uncorrectedLifetime: count }),
    remappedRows: object({
      corrected: count,
      uncorrected: count,
      pending: z.boolean().nullable(),
      failed: z.boolean().nullable(),
    }),
    /** Counter of the energy that the card has used, from a start of its own: only differences mean something. */
    energyJoules: amount,
    memoryUsedBytes: amount,
  });
}

export type TelemetrySample = z.infer<ReturnType<typeof defineTelemetrySample>>;
