import type { Tuning, TuningSpace } from '../../kernels/declaration.js';
import { randomWords } from '../../kernels/random.js';

/** A declared tuning space as a list of configurations, without ever building the whole product. */

/** Number of configurations; 1 when nothing can be tuned. */
export function spaceSize(space: TuningSpace): number {
  return Object.values(space).reduce((product, values) => product * values.length, 1);
}

/** Configuration number `index` of 0 … size − 1, by mixed radix; 0 is the default, the first value of each parameter. */
export function configuration(space: TuningSpace, index: number): Tuning {
  let rest = index;
  const tuning: Record<string, number> = {};
  for (const [name, values] of Object.entries(space)) {
    tuning[name] = values[rest % values.length] as number;
    rest = Math.floor(rest / values.length);
  }
  return tuning;
}

/** The default: the first value of each parameter. */
export const defaultOf = (space: TuningSpace): Tuning => configuration(space, 0);

/**
 * Every configuration but the default at most once, in random order from the seed (Fisher and Yates' shuffle, done
 * sparsely): whatever part of it there is time for is a fair sample of the space.
 */
export function* challengers(space: TuningSpace, seed: number): Generator<Tuning> {
  const next = randomWords(seed);
  const moved = new Map<number, number>();
  const size = spaceSize(space);
  for (let i = 1; i < size; i++) {
    const j = i + Math.floor((next() / 2 ** 32) * (size - i));
    yield configuration(space, moved.get(j) ?? j);
    moved.set(j, moved.get(i) ?? i);
    moved.delete(i);
  }
}

/** A tuning as one word, the same for equal tunings: its values by parameter, sorted. */
export function tuningKey(tuning: Tuning): string {
  return JSON.stringify(Object.entries(tuning).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

/** `tileK 16, rows 8`; of a variant that has nothing to tune, nothing. */
export function tuningWords(tuning: Tuning): string {
  return Object.entries(tuning)
    .map(([name, value]) => `${name}\u00a0${value}`)
    .join(', ');
}
