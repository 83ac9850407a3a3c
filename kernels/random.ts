/**
 * Seeded random numbers for inputs, the same on every machine: mulberry32 (Tommy Ettinger, public
 * domain), 32 bits of state. Good enough to make data that a wrong kernel cannot guess; not for secrets.
 */
export function randomWords(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  };
}

/** `length` floats, uniform in [−1, 1), each an exact multiple of 2⁻²³. */
export function randomFloats(length: number, seed: number): Float32Array {
  const next = randomWords(seed);
  const out = new Float32Array(length);
  for (let i = 0; i < length; i++) out[i] = (next() >>> 8) / 8388608 - 1;
  return out;
}

/** `length` whole numbers from −largest to largest, each as likely as the others, as floats. */
export function randomWholeNumbers(length: number, seed: number, largest: number): Float32Array {
  const next = randomWords(seed);
  const out = new Float32Array(length);
  // The high bits: an even share of 2³² for each value, to one part in a hundred million.
  for (let i = 0; i < length; i++) out[i] = Math.floor((next() / 2 ** 32) * (2 * largest + 1)) - largest;
  return out;
}

/** `length` random bytes. */
export function randomBytes(length: number, seed: number): Uint8Array {
  const next = randomWords(seed);
  const words = new Uint32Array(Math.ceil(length / 4));
  for (let i = 0; i < words.length; i++) words[i] = next();
  return new Uint8Array(words.buffer, 0, length);
}
