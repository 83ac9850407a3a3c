import type { Calibration, Measurement, Reason, Round, Summary } from '../schema.js';
import { type TwoModes, twoModes } from './bimodality.js';
import { mannKendall } from './drift.js';
import { cleanRounds, roundMedians } from './rounds.js';
import { clockSaturation } from './saturation.js';

/** The bounds of the design's rule 7 on measuring. Crossing one makes a measurement unreliable; meeting it does not. */
export const bounds = {
  cleanRounds: 5,
  /** Half the interval's width as a fraction of the median. */
  halfWidth: 0.02,
  driftP: 0.01,
  driftPercent: 1,
  /** Between two heaps of samples, as a fraction of the faster. */
  modeGap: 0.05,
  /** Gap between GPU and host time as a fraction of the host's. */
  clockGap: 0.05,
  /** Fraction of a measured ceiling. */
  ceiling: 1.05,
} as const;

export interface ReliabilityInput {
  readonly rounds: readonly Round[];
  readonly summary: Summary;
  readonly calibration: Pick<Calibration, 'resolutionNs' | 'hostOverheadNs'>;
  readonly clock: Measurement['clock'];
  /** Executions per sample. */
  readonly batch: number;
  /** Rate over the ceiling measured on the same device; null when none was measured. */
  readonly ceilingFraction: number | null;
}

/**
 * Everything that speaks against a measurement, in the order of the design's rule 7. `host-clock` is a
 * note and no fault: `isNote` of the result schema tells the two apart, and `statusOf` turns the list
 * into `valid` or `unreliable`.
 *
 * With five rounds the drift test cannot reach its level (see `mannKendall`); there a steady drift of
 * more than about 4 % shows as a wide interval instead.
 */
export function judgeReliability(input: ReliabilityInput): Reason[] {
  const { rounds, summary, ceilingFraction } = input;
  const reasons: Reason[] = [];
  const clean = cleanRounds(rounds);

  const saturation = saturated(input, clean);
  if (saturation) reasons.push({ code: 'clock-saturated', detail: saturation });
  if (clean.length < bounds.cleanRounds)
    reasons.push({ code: 'too-few-rounds', detail: `${clean.length} clean of ${rounds.length}` });

  const halfWidth = (summary.highNs - summary.lowNs) / 2 / summary.medianNs;
  if (halfWidth > bounds.halfWidth) reasons.push({ code: 'wide-interval', detail: `±${percent(halfWidth)}` });

  const { p } = mannKendall(roundMedians(clean));
  if (p < bounds.driftP && Math.abs(summary.driftPercent) > bounds.driftPercent)
    reasons.push({
      code: 'drift',
      detail: `${Math.abs(summary.driftPercent).toFixed(1)} % ${summary.driftPercent > 0 ? 'slower' : 'faster'} from first to last round, p = ${p.toPrecision(1)}`,
    });

  const modes = modesOf(clean);
  if (modes)
    reasons.push({
      code: 'two-modes',
      detail: `${percent(modes.high.share)} of samples take ${modes.ratio.toPrecision(3)} times as long as the others`,
    });

  if (input.clock === 'gpu') {
    const gap = clockGap(clean, input.batch, input.calibration.hostOverheadNs);
    if (gap !== null && Math.abs(gap) > bounds.clockGap)
      reasons.push({
        code: 'clocks-disagree',
        detail: `the GPU's clock says ${percent(Math.abs(gap))} ${gap > 0 ? 'more' : 'less'} time than the host's`,
      });
  }
  if (ceilingFraction !== null && ceilingFraction > bounds.ceiling)
    reasons.push({ code: 'above-ceiling', detail: `${percent(ceilingFraction)} of the ceiling` });

  const throttled = rounds.filter((round) => round.excluded === 'throttled').length;
  if (throttled > 0) reasons.push({ code: 'throttled', detail: `${throttled} of ${rounds.length} rounds` });
  if (input.clock === 'host') reasons.push({ code: 'host-clock', detail: '' });
  return reasons;
}

/** Null too where a clock read zero: that is saturation. */
function modesOf(clean: readonly Round[]): TwoModes | null {
  const samples = clean.flatMap((round) => round.samplesNs);
  return samples.every((ns) => ns > 0) ? twoModes(samples, { leastGap: bounds.modeGap }) : null;
}

/** The calibration's resolution is the GPU clock's; the host's clock counts nanoseconds and is never the coarse one. */
function saturated({ clock, batch, calibration }: ReliabilityInput, clean: readonly Round[]): string | null {
  const resolutionNs = clock === 'gpu' ? calibration.resolutionNs : 1;
  const whole = clean.flatMap((round) => round.samplesNs.map((ns) => ns * batch));
  const saturation = clockSaturation(whole, resolutionNs);
  return saturation && `${saturation}, clock step ${resolutionNs} ns`;
}

/**
 * Σ GPU samples · batch ÷ Σ (host samples · batch − host overhead) − 1, over clean rounds. Positive: the
 * GPU claims more time than passed. Null when there are no pairs of samples, or they are not longer
 * than the overhead and so cannot be told from it.
 */
export function clockGap(
  rounds: readonly Pick<Round, 'samplesNs' | 'hostSamplesNs'>[],
  batch: number,
  hostOverheadNs: number,
): number | null {
  let gpu = 0;
  let host = 0;
  for (const { samplesNs, hostSamplesNs } of rounds) {
    for (const [i, ns] of samplesNs.entries()) {
      const hostNs = hostSamplesNs[i];
      if (hostNs === undefined) continue;
      gpu += ns * batch;
      host += hostNs * batch - hostOverheadNs;
    }
  }
  return host > 0 ? gpu / host - 1 : null;
}

const percent = (fraction: number) => `${(fraction * 100).toFixed(1)} %`;
