import { type Judged, judgeWorkloads, meanValue, median } from '../../reports/statistics/index.js';
import { type CheckRules, type Measuring, measurePairs, SITTING_ROUNDS, stepsOf } from './measure.js';
import { type Apart, logRatiosOf, repeatOf, type Standing } from './standing.js';

/**
 * A process may have luck that lasts as long as it does: on some adapters one pipeline in many runs at half of its rate
 * until it is compiled anew. So what is called faster or slower has shown it in two processes, and a claim that is to
 * hold for longer than today asks for several: then the process is the unit, not the round (T. Kalibera and R. Jones,
 * "Rigorous Benchmarking in Reasonable Time", ISMM 2013: repeat on the highest level that varies).
 */
export interface ProcessRules extends Pick<CheckRules, 'minEffect' | 'looks'> {
  /** 1: changes are confirmed in a second process. From `LEAST_PROCESSES` on: the mean of each is one value. */
  readonly processes: number;
  /** On the arena's clock. */
  readonly start: number;
  readonly budgetMs: number;
}

/** Fewer carry no interval that would be of use. */
export const LEAST_PROCESSES = 3;
/** Of the budget, at least, before changes are confirmed. */
const FIRST_SHARE = 0.65;
/** To begin a process and open the card. */
const RENEWAL_MS = 3000;

export interface MeasuringInProcesses extends Measuring {
  /** Ends the process that owns the card and begins another. */
  renew(): Promise<void>;
}

/** @param standings where what is known is put as it comes; what later processes find is in their `repeats` */
export async function measureInProcesses(
  ladders: readonly (readonly (readonly Standing[])[])[],
  standings: Standing[],
  rules: ProcessRules,
  measuring: MeasuringInProcesses,
): Promise<void> {
  const { processes, start, budgetMs, minEffect } = rules;
  const end = start + budgetMs;
  const within = (from: number, to: number): Measuring => ({
    ...measuring,
    began: (standing, share) => measuring.began?.(standing, from + (to - from) * share),
  });
  const again = async (those: readonly Standing[], looks: readonly number[], deadline: number, part: Measuring) => {
    await measuring.renew();
    const repeats = those.map(repeatOf);
    await measurePairs([[repeats]], [], { minEffect, looks, deadline: () => deadline }, part);
  };

  if (processes === 1) {
    // What nothing suggests will have to be confirmed leaves its time to the first process.
    const deadline = () => end - Math.min((1 - FIRST_SHARE) * budgetMs, timeToConfirm(standings, rules));
    await measurePairs(ladders, standings, { ...rules, deadline }, within(0, FIRST_SHARE));
    const changed = stepsOf(standings, rules, true).flatMap(([one, { verdict }]) => (isChange(verdict) ? [one] : []));
    if (changed.length > 0 && measuring.now() < end) await again(changed, rules.looks, end, within(FIRST_SHARE, 1));
    return;
  }
  const looks = rules.looks.slice(0, 1);
  for (let i = 0; i < processes && (i === 0 || measuring.now() < end); i++) {
    const deadline = measuring.now() + (end - measuring.now()) / (processes - i);
    const part = within(i / processes, (i + 1) / processes);
    if (i === 0) await measurePairs(ladders, standings, { minEffect, looks, deadline: () => deadline }, part);
    const left = standings.filter((standing) => apartOf(standing) === null);
    if (left.length === 0) return;
    if (i > 0) await again(left, looks, deadline, part);
  }
}

/** For another process with as many sittings as a first look needs, of every pair that seems to have changed. */
function timeToConfirm(standings: readonly Standing[], { minEffect, looks }: ProcessRules): number {
  const seeming = standings.filter((standing) => {
    const ratios = apartOf(standing) === null ? logRatiosOf(standing) : [];
    return ratios.length > 0 && Math.abs(median(ratios)) > Math.log1p(minEffect);
  });
  if (seeming.length === 0) return 0;
  const sittings = Math.ceil((looks[0] as number) / SITTING_ROUNDS);
  return RENEWAL_MS + seeming.reduce((ms, { sittingMs }) => ms + sittings * sittingMs, 0);
}

const isChange = (verdict: string): verdict is 'faster' | 'slower' => verdict === 'faster' || verdict === 'slower';

/** What sets a pair apart in any process; null when both sides are right in all of them. */
export const apartOf = ({ apart, repeats }: Standing): Apart | null =>
  apart ?? repeats.find((one) => one.apart !== null)?.apart ?? null;

/** What is to be said of a pair whose sides are both right. */
export interface Finding {
  readonly verdict: Judged['verdict'];
  /**
   * Of `nextRounds`, and: `not-confirmed`, a fresh process did not show the change; `no-time-to-confirm`, there was none
   * for a fresh process to do so.
   */
  readonly ended:
    | 'decided'
    | 'rounds-used-up'
    | 'budget-used-up'
    | 'undecided'
    | 'not-confirmed'
    | 'no-time-to-confirm';
  /** Rounds that it rests on, of all processes. */
  readonly rounds: number;
  readonly interval: Judged['interval'];
  /** Of each process: its rounds, and the geometric mean of their ratios. */
  readonly processes: readonly { readonly rounds: number; readonly ratio: number }[];
}

/** @param over whether no round is left */
export function findingsOf(standings: readonly Standing[], rules: Rules, over: boolean): Map<Standing, Finding> {
  const compared = standings.filter((standing) => apartOf(standing) === null);
  return rules.processes === 1 ? confirmed(compared, rules, over) : repeated(compared, rules, over);
}
type Rules = Pick<ProcessRules, 'minEffect' | 'looks' | 'processes'>;

function confirmed(compared: readonly Standing[], rules: Rules, over: boolean): Map<Standing, Finding> {
  const first = new Map(stepsOf(compared, rules, over));
  const second = new Map(
    stepsOf(
      compared.flatMap(({ repeats }) => repeats),
      rules,
      over,
    ),
  );
  return new Map(
    compared.map((standing): [Standing, Finding] => {
      const step = first.get(standing);
      if (!step) throw new Error('a pair that is compared has no step');
      const [again] = standing.repeats;
      const confirming = again ? second.get(again) : undefined;
      const used = [logRatiosOf(standing).slice(0, step.rounds)];
      if (again && confirming) used.push(logRatiosOf(again).slice(0, confirming.rounds));
      const finding = { ...evidenceOf(used, rules.minEffect), verdict: step.verdict, ended: step.reason };
      if (!isChange(step.verdict) || confirming?.verdict === step.verdict) return [standing, finding];
      const noTime = confirming === undefined || confirming.reason === 'budget-used-up';
      const ended = !over ? 'undecided' : noTime ? 'no-time-to-confirm' : 'not-confirmed';
      return [standing, { ...finding, verdict: 'ambiguous', ended }];
    }),
  );
}

function evidenceOf(used: readonly (readonly number[])[], minEffect: number) {
  const [judged] = judgeWorkloads([{ name: 'all rounds', logRatios: used.flat() }], { minEffect }) as [Judged];
  return { rounds: used.flat().length, interval: judged.interval, processes: processesOf(used) };
}

const processesOf = (used: readonly (readonly number[])[]) =>
  used.flatMap((ratios) => (ratios.length > 0 ? [{ rounds: ratios.length, ratio: Math.exp(meanValue(ratios)) }] : []));

function repeated(
  compared: readonly Standing[],
  { processes, minEffect, looks }: Rules,
  over: boolean,
): Map<Standing, Finding> {
  const least = looks[0] as number;
  const whole = compared.map((standing) =>
    [standing, ...standing.repeats].map(logRatiosOf).filter((ratios) => ratios.length >= least),
  );
  const values = whole.map((used) => (used.length >= LEAST_PROCESSES ? used.map(meanValue) : []));
  const judged = judgeWorkloads(
    values.map((logRatios, i) => ({ name: String(i), logRatios })),
    { minEffect },
  );
  return new Map(
    compared.map((standing, i): [Standing, Finding] => {
      const used = whole[i] as number[][];
      const { verdict, interval } = judged[i] as Judged;
      const complete = used.length >= processes;
      const ended = complete ? (verdict === 'ambiguous' ? 'rounds-used-up' : 'decided') : 'budget-used-up';
      const finding = { rounds: used.flat().length, interval, processes: processesOf(used) };
      const told = complete || over;
      return [standing, { ...finding, verdict: told ? verdict : 'ambiguous', ended: told ? ended : 'undecided' }];
    }),
  );
}
