import type { LoadedBaseline } from '../../harness/baseline.js';
import { firstLine } from './first-line.js';

/** Executions of each candidate that are timed, and after how long no further one is. */
const LOOKS = 3;
const ENOUGH_MS = 500;

export interface Fastest<T> {
  readonly chosen: T;
  /** Which others were tried, in words; null when there was one candidate only. */
  readonly note: string | null;
}

/**
 * The fastest of several forms of one workload, by the least of a few executions after one that warms up: a peer is
 * given its best form on this device. What cannot be loaded or run, or leaves its device, is passed over; when nothing
 * is left, the first is the choice all the same, and whoever loads it learns why.
 */
export async function fastest<T extends { readonly form: string }>(
  candidates: readonly [T, ...T[]],
  load: (candidate: T) => Promise<LoadedBaseline>,
): Promise<Fastest<T>> {
  if (candidates.length === 1) return { chosen: candidates[0], note: null };
  const tried: { candidate: T; ms: number }[] = [];
  const refused: string[] = [];
  for (const candidate of candidates) {
    try {
      const loaded = await load(candidate);
      tried.push({ candidate, ms: await leastTime(loaded) });
    } catch (error) {
      refused.push(`${candidate.form} passed over: ${firstLine(error)}`);
    }
  }
  const [best, ...others] = tried.sort((x, y) => x.ms - y.ms);
  if (best === undefined) return { chosen: candidates[0], note: refused.join('; ') };
  const slower = others.map(({ candidate, ms }) => `${candidate.form} took ${(ms / best.ms).toFixed(2)} times as long`);
  return { chosen: best.candidate, note: [...slower, ...refused].join('; ') };
}

async function leastTime(loaded: LoadedBaseline): Promise<number> {
  try {
    const [stray] = loaded.reasons;
    if (stray) throw new Error(stray.detail);
    let least = Number.POSITIVE_INFINITY;
    const begun = performance.now();
    for (let look = 0; look <= LOOKS; look++) {
      const start = performance.now();
      await loaded.run(0);
      await loaded.finish();
      const end = performance.now();
      // The first one compiles.
      if (look > 0) least = Math.min(least, end - start);
      if (look > 0 && end - begun > ENOUGH_MS) break;
    }
    return least;
  } finally {
    await loaded.release();
  }
}
