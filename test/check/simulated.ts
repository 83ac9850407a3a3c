import { measureInProcesses } from '../../bench/check/processes.js';
import type { CheckArena } from '../../bench/check/sitting.js';
import { type Standing, standingOf } from '../../bench/check/standing.js';
import { parseWorkload } from '../../bench/suites/index.js';
import type { Candidate } from '../../bench/tune/card-arena.js';
import type { Answer, SentinelTimes } from '../../harness/protocol.js';
import { SimulatedArena, type Simulation } from '../tune/simulated.js';

const PREPARED: Answer<'prepare'> = {
  ...{ status: 'ready', reasons: [], clock: 'gpu', tuning: {}, batch: 1, inputSets: 2, compileMs: 1, deviceBytes: 1 },
  ...{ sampleNs: 1000, provenance: null },
  correctness: { status: 'correct', method: 'simulated', maxError: 0, tolerance: { kind: 'exact' }, seeds: [1, 2] },
};

/** Remembers what was prepared under a name of its own: to a check `prepared` is what the worker said. */
class Arena implements CheckArena {
  readonly simulated: SimulatedArena<Candidate>;
  constructor(simulation: Simulation<Candidate>) {
    this.simulated = new SimulatedArena(simulation);
  }
  now = () => this.simulated.now();
  prepare = (one: Candidate) => this.simulated.prepare(one);
  round = (one: Candidate, when?: SentinelTimes) => this.simulated.round(one, when);
  recheck = () => this.simulated.recheck();
  release = (one: Candidate) => this.simulated.release(one);
  prepared = (one: Candidate) => (this.simulated.held.has(one) ? PREPARED : null);
}

const WORKLOAD = parseWorkload('copy/n1024');

export function pair(variant: string, over: Partial<Standing['pair']> = {}): Standing {
  return standingOf({
    ...{ workload: WORKLOAD, variant, changes: [], identical: false },
    before: { implementation: `before/${variant}`, tuning: {} },
    now: { implementation: `assay/${variant}`, tuning: {} },
    ...over,
  });
}

export interface Simulated extends Omit<Simulation<Candidate>, 'ns'> {
  /** Times by implementation; 1000 where none is given. */
  readonly ns?: Readonly<Record<string, number>>;
  /** By process, counting from 0: what times are multiplied by for as long as it lives. */
  readonly luck?: (implementation: string, process: number, seed: number) => number;
  readonly processes?: number;
  readonly minEffect?: number;
  readonly looks?: readonly number[];
  /** Simulated milliseconds that the check may take. */
  readonly budgetMs?: number;
}

/** A check on a card that costs nothing. */
export async function simulate(
  ladders: readonly (readonly (readonly Standing[])[])[],
  {
    ns = {},
    luck = () => 1,
    minEffect = 0.01,
    looks = [10, 20, 40],
    processes = 1,
    budgetMs = Number.POSITIVE_INFINITY,
    ...rest
  }: Simulated,
) {
  let process = 0;
  const arena = new Arena({
    ...rest,
    ns: ({ implementation }) => (ns[implementation] ?? 1000) * luck(implementation, process, rest.seed),
  });
  const standings: Standing[] = [];
  const rules = { minEffect, looks, processes, start: arena.now(), budgetMs };
  const measuring = { arenaOf: () => arena, now: () => arena.now(), renew: async () => void process++ };
  await measureInProcesses(ladders, standings, rules, measuring);
  return { standings, arena: arena.simulated, rules, renewals: process };
}
