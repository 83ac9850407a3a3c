/** Uniform numbers in 0 … 1 from a seed (mulberry32), so that a simulation repeats. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One value of the standard normal distribution (Box and Muller 1958). */
export function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** One value of Student's t distribution with three degrees of freedom: heavy tails, and a variance of 3. */
export function studentT3(random: () => number): number {
  const chi = normal(random) ** 2 + normal(random) ** 2 + normal(random) ** 2;
  return normal(random) / Math.sqrt(chi / 3);
}

/** A stationary AR(1) series of variance 1 with lag-1 correlation `rho`. */
export function autoregressive(random: () => number, count: number, rho: number): number[] {
  let value = normal(random);
  return Array.from({ length: count }, (_, i) => {
    if (i > 0) value = rho * value + Math.sqrt(1 - rho * rho) * normal(random);
    return value;
  });
}
