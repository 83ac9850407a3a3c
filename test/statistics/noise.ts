import { autoregressive, normal, studentT3 } from './random.js';

type Noise = (random: () => number, rounds: number) => number[];

const white: Noise = (random, rounds) => Array.from({ length: rounds }, () => normal(random));
/** Added to white noise with the probability given, in units of its standard deviation. */
const jumps =
  (probability: number, size: number): Noise =>
  (random, rounds) =>
    white(random, rounds).map((value) => value + (random() < probability ? size : 0));

interface Model {
  /** Of either arm, in units of sigma. */
  readonly own: Noise;
  /** Of both arms, by the slot in which one ran. */
  readonly common?: Noise;
}

/** What disturbs the logarithm of a round's time. */
export const models: Readonly<Record<string, Model>> = {
  white: { own: white },
  'AR(1) drift of both arms, ρ = 0.9, five times the noise': {
    own: white,
    common: (random, slots) => autoregressive(random, slots / 2, 0.9).flatMap((value) => [5 * value, 5 * value]),
  },
  'linear drift of both arms, twenty times the noise': {
    own: white,
    common: (_, slots) => Array.from({ length: slots }, (_, slot) => (20 * slot) / slots),
  },
  'AR(1) of each arm, ρ = 0.5': { own: (random, rounds) => autoregressive(random, rounds, 0.5) },
  'AR(1) of each arm, ρ = 0.8': { own: (random, rounds) => autoregressive(random, rounds, 0.8) },
  'two clocks five times the noise apart': { own: jumps(0.5, 5) },
  'heavy tails (Student t₃)': { own: (random, rounds) => Array.from({ length: rounds }, () => studentT3(random)) },
  'one round in fifty is ten times the noise slower': { own: jumps(0.02, 10) },
  'one round in twenty is forty times the noise slower': { own: jumps(0.05, 40) },
};

/**
 * Log ratios of rates, new over old, of two arms interleaved in alternating order.
 * @param slowdown of the new arm, as a fraction
 */
export function logRatios(
  { own, common }: Model,
  random: () => number,
  { rounds, sigma, slowdown = 0 }: { rounds: number; sigma: number; slowdown?: number },
): number[] {
  const [a, b] = [own(random, rounds), own(random, rounds)];
  const slots = common?.(random, 2 * rounds);
  return a.map((ours, i) => {
    const shared = slots ? (i % 2 === 0 ? 1 : -1) * ((slots[2 * i + 1] as number) - (slots[2 * i] as number)) : 0;
    return sigma * ((b[i] as number) - ours + shared) - Math.log1p(slowdown);
  });
}
