import { z } from 'zod';

const share = z.number().min(0).max(1);

const timing = {
  /** One window: what happens within it is not told apart. */
  windowMs: z.number().min(50).max(10_000),
  /** One submission lasts about so long; a driver may end one of 250 ms. */
  submissionMs: z.number().min(1).max(200),
  /** Windows in which a plateau must show. */
  plateauWindows: z.number().int().min(6).max(3600),
  ratePercentPerMinute: z.number().positive().max(100_000),
  /** Share of the steady time that warm-up may take where no plateau shows. */
  mostWarmup: z.number().min(0).max(0.8),
  /** Worst over best after warm-up, of running medians. */
  leastShare: z.number().min(0.1).max(0.999),
  mostLossWhenWarm: share,
  /** Share of windows that may be slow between sound neighbours. */
  mostDisturbed: share,
  /** Rate between rests over the steady rate. */
  leastPulsed: share,
};

/** What the load check asks; see docs/load-test.md. */
export const loadPolicy = z.strictObject({
  ...timing,
  /** Of the time, for steady load; the rest is pulses. */
  steadyShare: z.number().min(0.3).max(0.9),
  celsiusPerMinute: z.number().positive().max(60),
  /** Share of the loaded time that heat may hold the card back. */
  mostThrottled: share,
  mostHotspotDeltaC: z.number().positive().max(100),
  /** The power limit over the maker's. */
  leastPowerLimit: share,
  /** Up to here, °C, fans may stand still. */
  fanlessC: z.number().min(0).max(120),
  /** Share of readings that may not come. */
  mostLost: share,
  /**
   * On a software adapter, which shares the processor with all else: seconds instead of minutes, in which a processor
   * has no plateau to reach, so that any slope will do. Rates are per second of the processor's time; what neighbours take
   * away of its caches and clocks, somewhat over half, is no finding.
   */
  rehearsal: z.strictObject(timing),
});
export type LoadPolicy = z.infer<typeof loadPolicy>;

export const DEFAULT_LOAD_POLICY: LoadPolicy = {
  ...{ windowMs: 1000, submissionMs: 25, steadyShare: 0.7 },
  ...{ plateauWindows: 60, ratePercentPerMinute: 0.3, celsiusPerMinute: 1, mostWarmup: 0.6 },
  ...{ leastShare: 0.97, mostLossWhenWarm: 0.1, mostDisturbed: 0.15, leastPulsed: 0.9 },
  ...{ mostThrottled: 0.05, mostHotspotDeltaC: 30, leastPowerLimit: 0.98, fanlessC: 65, mostLost: 0.05 },
  rehearsal: {
    ...{ windowMs: 100, submissionMs: 3, plateauWindows: 8, ratePercentPerMinute: 100_000, mostWarmup: 0.3 },
    ...{ leastShare: 0.45, mostLossWhenWarm: 0.4, mostDisturbed: 0.5, leastPulsed: 0.2 },
  },
};
