/** SHA-256's compression function on the host, for midstates (FIPS 180-4, section 6.2.2). */

/** FIPS 180-4, section 5.3.3. */
export const INITIAL_STATE: readonly number[] = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
];

/**
 * Section 4.2.2: the first 32 bits of the fractional parts of the cube roots of the first 64 primes,
 * computed here in exact integer arithmetic: floor(cbrt(p · 2⁹⁶)) mod 2³².
 */
export const K = Uint32Array.from(firstPrimes(64), (p) => Number(integerCubeRoot(BigInt(p) << 96n) & 0xffffffffn));

const rotr = (x: number, n: number) => (x >>> n) | (x << (32 - n));

/** Section 4.1.2. Results may be negative; a sum stored in a Uint32Array is right. */
export const sigma0 = (x: number) => rotr(x, 7) ^ rotr(x, 18) ^ (x >>> 3);
export const sigma1 = (x: number) => rotr(x, 17) ^ rotr(x, 19) ^ (x >>> 10);

/**
 * One round.
 * @param s working variables a … h
 * @param kw the round's constant plus its word of the schedule
 * @returns working variables after it
 */
export function round(s: ArrayLike<number>, kw: number): Uint32Array {
  const [a, b, c, d, e, f, g, h] = Array.from(s) as [number, number, number, number, number, number, number, number];
  const t1 = h + (rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25)) + ((e & f) ^ (~e & g)) + kw;
  const t2 = (rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
  return Uint32Array.of(t1 + t2, a, b, c, d + t1, e, f, g);
}

/**
 * One block into the chaining value.
 * @param state eight words
 * @param block sixteen big-endian words
 * @returns the next chaining value, eight words
 */
export function compress(state: ArrayLike<number>, block: ArrayLike<number>): Uint32Array {
  const w = new Uint32Array(64);
  w.set(Array.from(block).slice(0, 16));
  for (let t = 16; t < 64; t++)
    w[t] = (w[t - 16] as number) + sigma0(w[t - 15] as number) + (w[t - 7] as number) + sigma1(w[t - 2] as number);
  let s: Uint32Array = Uint32Array.from(state);
  for (let t = 0; t < 64; t++) s = round(s, (K[t] as number) + (w[t] as number));
  return s.map((v, i) => v + (state[i] as number));
}

function firstPrimes(count: number): number[] {
  const primes: number[] = [];
  for (let n = 2; primes.length < count; n++) if (primes.every((p) => n % p !== 0)) primes.push(n);
  return primes;
}

function integerCubeRoot(n: bigint): bigint {
  let [low, high] = [0n, 1n << 36n];
  while (low < high) {
    const middle = (low + high + 1n) >> 1n;
    if (middle ** 3n <= n) low = middle;
    else high = middle - 1n;
  }
  return low;
}
