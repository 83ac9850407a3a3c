/** SHA-256's compression function on the host, for midstates (FIPS 180-4, section 6.2.2). */

/** FIPS 180-4, section 5.3.3. */
export const INITIAL_STATE: readonly number[] = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
];

/**
 * Section 4.2.2: the first 32 bits of the fractional parts of the cube roots of the first 64 primes,
 * computed here in exact integer arithmetic: floor(cbrt(p · 2⁹⁶)) mod 2³².
 */
const K = Uint32Array.from(firstPrimes(64), (p) => Number(integerCubeRoot(BigInt(p) << 96n) & 0xffffffffn));

const rotr = (x: number, n: number) => (x >>> n) | (x << (32 - n));

/**
 * One block into the chaining value.
 * @param state eight words
 * @param block sixteen big-endian words
 * @returns the next chaining value, eight words
 */
export function compress(state: ArrayLike<number>, block: ArrayLike<number>): Uint32Array {
  const w = new Uint32Array(64);
  w.set(Array.from(block).slice(0, 16));
  for (let t = 16; t < 64; t++) {
    const [x, y] = [w[t - 15] as number, w[t - 2] as number];
    const s0 = rotr(x, 7) ^ rotr(x, 18) ^ (x >>> 3);
    const s1 = rotr(y, 17) ^ rotr(y, 19) ^ (y >>> 10);
    w[t] = (w[t - 16] as number) + s0 + (w[t - 7] as number) + s1;
  }
  let [a, b, c, d, e, f, g, h] = Array.from(state) as [number, number, number, number, number, number, number, number];
  for (let t = 0; t < 64; t++) {
    const t1 =
      h + (rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25)) + ((e & f) ^ (~e & g)) + (K[t] as number) + (w[t] as number);
    const t2 = (rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    [a, b, c, d, e, f, g, h] = [(t1 + t2) | 0, a, b, c, (d + t1) | 0, e, f, g];
  }
  return Uint32Array.from([a, b, c, d, e, f, g, h], (v, i) => v + (state[i] as number));
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
