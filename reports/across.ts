import { bestOurs, fastest, groupByWorkload, isRated, isVerified, type RatedMeasurement } from './groups.js';
import { computesOnCpu, isOurs } from './names.js';
import type { Measurement, Result } from './schema.js';
import { compareRounds } from './statistics/index.js';

/** The peer that is, for every workload, the fastest baseline on the same device. */
export const BEST_ON_DEVICE = 'best of them';

/** The fastest of ours against one baseline, over all workloads of a family for which both have a figure. */
export interface Across {
  readonly family: Measurement['family'];
  readonly peer: string;
  readonly workloads: number;
  /** Geometric mean of the ratios of rates, above 1 where ours are faster, with its interval. */
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  readonly least: { readonly workload: string; readonly ratio: number };
  readonly most: { readonly workload: string; readonly ratio: number };
  /** Workloads of which either figure is unreliable. */
  readonly unreliable: number;
}

interface Pair {
  readonly workload: string;
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  readonly reliable: boolean;
}

/**
 * One line for every baseline that shares two workloads or more with ours, families in the result's order; and, where
 * several compute on the device, one for the best of them. Ratios are of the host's clock and paired by round
 * (`compareRounds`). Their mean is geometric because ratios are averaged: Fleming and Wallace, "How not to lie with
 * statistics", CACM 29(3), 1986. Its interval takes the workloads' errors as independent: the half-widths of the
 * logarithms' intervals, squared, summed, rooted and divided by their number (JCGM 100:2008, 5.1.2).
 */
export function acrossWorkloads({ measurements }: Pick<Result, 'measurements'>): Across[] {
  const pairs = new Map<string, { family: Measurement['family']; peer: string; pairs: Pair[] }>();
  for (const group of groupByWorkload({ measurements })) {
    const ours = bestOurs(group);
    if (!ours) continue;
    const peers = group.measurements.filter(isRated).filter((m) => !isOurs(m.implementation) && isVerified(m));
    const best = fastest(peers.filter((m) => !computesOnCpu(m.implementation)));
    for (const [name, peer] of [...peers.map((m) => [m.implementation, m] as const), [BEST_ON_DEVICE, best] as const]) {
      const pair = peer && pairOf(ours, peer);
      if (!pair) continue;
      const key = `${group.family} ${name}`;
      const held = pairs.get(key) ?? { family: group.family, peer: name, pairs: [] };
      pairs.set(key, { ...held, pairs: [...held.pairs, pair] });
    }
  }
  const lines = [...pairs.values()].filter((line) => line.pairs.length > 1);
  const several = (family: string) =>
    lines.filter((l) => l.family === family && l.peer !== BEST_ON_DEVICE && !computesOnCpu(l.peer)).length > 1;
  return lines
    .filter(({ family, peer }) => peer !== BEST_ON_DEVICE || several(family))
    .map(({ pairs: of, ...line }) => ({ ...line, ...meanOf(of) }));
}

function pairOf(ours: RatedMeasurement, peer: Measurement): Pair | null {
  const compared = compareRounds(ours.rounds, peer.rounds);
  if (!compared) return null;
  const { ratio, low, high } = compared;
  return { workload: ours.workload, ratio, low, high, reliable: [ours, peer].every((m) => m.status === 'valid') };
}

function meanOf(pairs: readonly Pair[]): Omit<Across, 'family' | 'peer'> {
  const n = pairs.length;
  const mean = pairs.reduce((sum, { ratio }) => sum + Math.log(ratio), 0) / n;
  const half = Math.sqrt(pairs.reduce((sum, { low, high }) => sum + (Math.log(high / low) / 2) ** 2, 0)) / n;
  const byRatio = [...pairs].sort((a, b) => a.ratio - b.ratio) as [Pair, ...Pair[]];
  const named = ({ workload, ratio }: Pair) => ({ workload, ratio });
  return {
    workloads: n,
    ...{ ratio: Math.exp(mean), low: Math.exp(mean - half), high: Math.exp(mean + half) },
    ...{ least: named(byRatio[0]), most: named(byRatio.at(-1) as Pair) },
    unreliable: pairs.filter(({ reliable }) => !reliable).length,
  };
}
