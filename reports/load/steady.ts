import {
  type Course,
  courseOf,
  mannKendall,
  median,
  medianRangeByNoise,
  type PlateauOptions,
  plateauAt,
  runningMedians,
  seriesNoise,
  theilSenSlope,
} from '../statistics/index.js';
import { heldBack, type LoadFinding, type LoadWindowRecord, percent } from './window.js';

export interface SteadyLimits {
  /** Worst over best after warm-up, and what is left after a sudden drop. */
  readonly leastShare: number;
  /** Share of the steady windows that warm-up may take when no plateau shows. */
  readonly mostWarmup: number;
  /** What a card may lose as it warms up, as a share of what it did cold. */
  readonly mostLossWhenWarm: number;
  /** Share of windows that may be slow by themselves, with sound neighbours. */
  readonly mostDisturbed: number;
}

export interface SteadyVerdict {
  readonly findings: readonly LoadFinding[];
  readonly figures: Readonly<Record<string, number | null>>;
  readonly course: Course['kind'];
  /** Windows that count as warm-up. */
  readonly warmup: number;
  readonly plateau: boolean;
}

/** A search for steps takes seconds of many more. */
const MOST_WINDOWS = 1200;
/** The clock rises from rest in them. */
const FIRST = 2;
/** One median's windows: four of nine may be disturbed and it does not move. */
const WIDTH = { wanted: 9, least: 5 };
/** Windows after warm-up without which nothing is said. */
const LEAST_JUDGED = 12;
/** A lower level of fewer windows is a disturbance. */
const LEAST_LOW = 6;
/** Windows on each side of a step: a slow decay falls little within them. */
const SIDE = 5;
/** Of all that was ever lost, as a logarithm, at least so much goes at once; more where noise makes it look smooth. */
const PART = { ofSteps: 0.4, ofSmooth: 0.6 };
/** What is smooth may fall fast at its beginning, as of something that warms up. */
const EARLY = 0.2;
const CONFIDENCE = 0.99;
const TREND = 0.01;
/** Of fewer values no trend is sure. */
const LEAST_TREND = 8;
/** Of what was lost, if the line through all windows explains so much, the loss was gradual. */
const GRADUAL = 0.5;

/**
 * Whether a card holds its speed. Single slow windows count as disturbed and not as the worst: the worst and the best
 * are of running medians of nine windows, and only what lies further apart than the windows' own scatter explains is a
 * finding. A drop is looked for in all windows, warm-up included, since it is none of a warm-up's doing.
 */
export function judgeSteady(
  windows: readonly LoadWindowRecord[],
  limits: SteadyLimits,
  plateauOptions: PlateauOptions,
): SteadyVerdict {
  const factor = Math.ceil(windows.length / MOST_WINDOWS);
  if (factor <= 1) return judgeWindows(windows, limits, plateauOptions);
  const verdict = judgeWindows(condensed(windows, factor), limits, {
    ...plateauOptions,
    windows: Math.max(LEAST_JUDGED, Math.ceil(plateauOptions.windows / factor)),
    windowsPerMinute: plateauOptions.windowsPerMinute / factor,
  });
  const figures = { ...verdict.figures, windows: windows.length };
  return { ...verdict, figures, warmup: Math.min(windows.length, verdict.warmup * factor) };
}

/** Of a night's windows several are one, by their median: trends and steps are slower than that. */
function condensed(windows: readonly LoadWindowRecord[], factor: number): LoadWindowRecord[] {
  return Array.from({ length: Math.ceil(windows.length / factor) }, (_, i) => {
    const group = windows.slice(i * factor, (i + 1) * factor);
    return { ...(group[0] as LoadWindowRecord), rate: median(group.map(({ rate }) => rate)) };
  });
}

function judgeWindows(
  windows: readonly LoadWindowRecord[],
  limits: SteadyLimits,
  plateauOptions: PlateauOptions,
): SteadyVerdict {
  const used = windows.slice(FIRST);
  const rates = used.map(({ rate }) => rate);
  const most = Math.max(plateauOptions.windows, Math.floor(limits.mostWarmup * rates.length));
  const found = plateauAt(rates, used.map(edgeOf), plateauOptions, most);
  const warmup = found ?? most;
  const judged = rates.slice(warmup);
  const plateau = found !== null;
  if (judged.length < LEAST_JUDGED)
    return {
      ...{ course: 'level', warmup: FIRST + warmup, plateau, figures: { windows: windows.length } },
      findings: [
        {
          status: 'inconclusive',
          code: 'no-time',
          detail: `${judged.length} windows are left after warm-up, ${LEAST_JUDGED} are needed`,
        },
      ],
    };
  const width = judged.length >= 3 * WIDTH.wanted ? WIDTH.wanted : WIDTH.least;
  const medians = runningMedians(judged, width);
  const [worst, best] = [Math.min(...medians), Math.max(...medians)];
  const worstOverBest = worst / best;
  const course = courseOf(rates, { minEffect: 1 / limits.leastShare - 1, confidence: CONFIDENCE });
  const cold = Math.max(...runningMedians(rates, width));
  const figures = {
    windows: windows.length,
    worstOverBest,
    warmOverCold: median(judged) / cold,
    disturbedShare: judged.filter((rate) => rate < limits.leastShare * best).length / judged.length,
    scatter: median(judged.map((rate) => Math.abs(rate / median(judged) - 1))) * 1.4826,
    ratePercentPerMinute: (100 * theilSenSlope(judged) * plateauOptions.windowsPerMinute) / median(judged),
  };
  const rate = rateFinding(judged, used.slice(warmup), worstOverBest, width, limits);
  const drop = dropFinding(course, used, limits);
  const findings = [drop ?? rate ?? lossFinding(figures.warmOverCold, limits)].filter((one) => one !== null);
  if (findings.length === 0 && figures.disturbedShare > limits.mostDisturbed)
    findings.push({
      ...{ status: 'warn', code: 'rate-noisy' },
      detail: `${percent(figures.disturbedShare)} of windows are slow by themselves, more than ${percent(limits.mostDisturbed)}`,
    });
  // What falls has no plateau, and that is said already.
  if (!plateau && findings.length === 0)
    findings.push({
      ...{ status: 'warn', code: 'no-plateau' },
      detail: `after ${percent(limits.mostWarmup, 0)} of the time temperature or rate still moved; the rest was judged`,
    });
  return { findings, figures, course: course.kind, warmup: FIRST + warmup, plateau };
}

export const edgeOf = ({ reading }: LoadWindowRecord): number | null =>
  reading?.temperatureC.edge ?? reading?.temperatureC.hotspot ?? null;

/** The greatest step down; one that lasts, and that happens at once. */
function dropFinding(
  course: Course,
  used: readonly LoadWindowRecord[],
  { leastShare }: SteadyLimits,
): LoadFinding | null {
  if (course.kind === 'level') return null;
  const rates = used.map(({ rate }) => rate);
  const all = runningMedians(rates, WIDTH.wanted);
  const stepped = course.kind === 'steps';
  const least = Math.min(leastShare, (Math.min(...all) / Math.max(...all)) ** (stepped ? PART.ofSteps : PART.ofSmooth));
  const ends = [...course.steps.map(({ at }) => at), rates.length];
  const drops = course.steps.filter(({ at, ratio }, i) => {
    if (!stepped && at < EARLY * rates.length) return false;
    const lasts = (ends[i + 1] as number) - at >= LEAST_LOW;
    const atOnce = median(rates.slice(at, at + SIDE)) / median(rates.slice(Math.max(0, at - SIDE), at));
    return lasts && ratio.value < leastShare && atOnce < least;
  });
  const [step] = drops.sort((a, b) => a.ratio.value - b.ratio.value);
  if (!step) return null;
  const at = used[step.at] as LoadWindowRecord;
  return {
    ...{ status: 'fail', code: 'sudden-drop' },
    detail:
      `after ${(at.tMs / 1000).toFixed(1)} s of load the rate fell to ${percent(step.ratio.value)} of what it was` +
      because(used.slice(step.at, ends[course.steps.indexOf(step) + 1])),
  };
}

function rateFinding(
  judged: readonly number[],
  windows: readonly LoadWindowRecord[],
  worstOverBest: number,
  width: number,
  { leastShare }: SteadyLimits,
): LoadFinding | null {
  if (worstOverBest >= leastShare) return null;
  const said = `the worst ${width} windows reach ${percent(worstOverBest)} of the best, less than ${percent(leastShare, 0)}`;
  const allowed = -Math.log(leastShare);
  const loss = -Math.log(worstOverBest);
  const alongLine = -theilSenSlope(judged.map(Math.log)) * (judged.length - 1);
  const decays = trend(judged) && alongLine > GRADUAL * loss;
  const detail = `${said}${decays ? ', and it fell little by little' : ''}${because(windows)}`;
  // A trend that was tested is none of the scatter's doing; the worst and the best, which were picked, may be.
  const sure = (decays && alongLine > allowed) || loss > allowed + medianRangeByNoise(judged, width);
  if (!sure)
    return {
      ...{ status: 'warn', code: decays ? 'rate-decays' : 'rate-noisy' },
      detail: `${detail}; it is little beside the scatter of windows`,
    };
  return { status: 'fail', code: decays ? 'rate-decays' : 'rate-unsteady', detail };
}

/** Mann and Kendall's test, of so many windows together that their medians are nearly independent. */
function trend(rates: readonly number[]): boolean {
  const { inflation } = seriesNoise(rates.map(Math.log));
  const size = Math.min(Math.ceil(inflation), Math.max(1, Math.floor(rates.length / LEAST_TREND)));
  const blocks = Array.from({ length: Math.floor(rates.length / size) }, (_, i) =>
    median(rates.slice(i * size, (i + 1) * size)),
  );
  return mannKendall(blocks).p < TREND;
}

function lossFinding(warmOverCold: number, { mostLossWhenWarm }: SteadyLimits): LoadFinding | null {
  if (warmOverCold >= 1 - mostLossWhenWarm) return null;
  // So much twice over is no warm-up any more.
  const status = warmOverCold < (1 - mostLossWhenWarm) ** 2 ? 'fail' : 'warn';
  return {
    ...{ status, code: 'rate-decays' },
    detail: `warm it does ${percent(warmOverCold)} of what it did cold, and keeps that`,
  };
}

/** What the card itself says, in most of the windows. */
function because(windows: readonly LoadWindowRecord[]): string {
  const reasons = heldBack(windows).filter(({ share }) => share >= 0.5);
  return reasons.length === 0 ? '' : `; the card says ${reasons.map(({ reason }) => reason).join(', ')}`;
}
