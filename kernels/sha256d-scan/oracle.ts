import type { Oracle } from '../declaration.js';
import { randomWords } from '../random.js';
import { proofOfWork, type ScanInput, type ScanOutput, scanReference } from './reference.js';

/** Ranges up to this many nonces are hashed whole by the CPU; longer ones in windows of together as many. */
export const FULL_CHECK = 65536;
const WINDOWS = 16;
const PARTS = 64;

/**
 * Judges a scan. Short ranges: the winners must be exactly the CPU's. Long ranges, which a CPU cannot
 * repeat in reasonable time: every winner is hashed again (no false one), winners are within the range
 * and distinct, sixteen windows (first, last, seeded between) must hold exactly the CPU's winners, and
 * the total, and the number in each of 64 equal parts, must lie within six standard deviations of the
 * binomial expectation: in a range of 2²⁴ nonces a part left out is seen, and so is a share of 5 % left out everywhere.
 */
export function scanOracle(input: ScanInput, seed: number): Oracle<ScanOutput> {
  const { header, firstNonce, count, target } = input;
  const exact = count <= FULL_CHECK;
  const windows = exact ? [{ start: 0, length: count }] : sampleWindows(count, seed);
  const expected = windows.map(({ start, length }) =>
    scanReference(header, (firstNonce + start) % 2 ** 32, length, target),
  );
  return {
    method: exact
      ? 'every nonce against OpenSSL'
      : `every winner, ${WINDOWS} windows of ${FULL_CHECK / WINDOWS} nonces and the number of winners against OpenSSL`,
    tolerance: { kind: 'exact' },
    check: ({ nonces }) => {
      const wrong = (detail: string) => ({ correct: false, maxError: null, detail });
      const offsets = new Set(Array.from(nonces, (n) => (n - firstNonce) >>> 0));
      if (offsets.size !== nonces.length) return wrong('a winning nonce is listed twice');
      for (const offset of offsets)
        if (offset >= count) return wrong(`nonce ${(firstNonce + offset) % 2 ** 32} lies outside the range`);
      for (const [w, { start, length }] of windows.entries()) {
        const want = expected[w] as Uint32Array;
        for (const nonce of want)
          if (!offsets.has((nonce - firstNonce) >>> 0)) return wrong(`winning nonce ${nonce} is missing`);
        let inside = 0;
        for (const offset of offsets) if (offset >= start && offset < start + length) inside++;
        if (inside !== want.length)
          return wrong(`expected ${want.length} winners among ${length} nonces from offset ${start}, got ${inside}`);
      }
      if (!exact) {
        for (const nonce of nonces)
          if (proofOfWork(header, nonce) > target) return wrong(`nonce ${nonce} does not meet the target`);
        const chance = Number((target + 1n) >> 192n) / 2 ** 64;
        const unlikely = (found: number, tried: number) =>
          Math.abs(found - tried * chance) > 6 * Math.sqrt(tried * chance * (1 - chance));
        if (unlikely(nonces.length, count))
          return wrong(`expected about ${Math.round(count * chance)} winners, got ${nonces.length}`);
        const parts = new Uint32Array(PARTS);
        for (const offset of offsets)
          parts[Math.floor((offset * PARTS) / count)] = 1 + (parts[Math.floor((offset * PARTS) / count)] ?? 0);
        const odd = parts.findIndex((found) => unlikely(found, count / PARTS));
        if (odd >= 0)
          return wrong(
            `part ${odd + 1} of ${PARTS} holds ${parts[odd]} winners, expected about ${Math.round((count * chance) / PARTS)}`,
          );
      }
      return { correct: true, maxError: 0 };
    },
  };
}

/** For a published block: its nonce is found and no other. */
export function onlyWinner(nonce: number): Oracle<ScanOutput> {
  return {
    method: 'the published nonce and no other',
    tolerance: { kind: 'exact' },
    check: ({ nonces }) =>
      nonces.length === 1 && nonces[0] === nonce
        ? { correct: true, maxError: 0 }
        : { correct: false, maxError: null, detail: `expected the winner ${nonce}, got [${nonces.join(', ')}]` },
  };
}

function sampleWindows(count: number, seed: number): { start: number; length: number }[] {
  const length = FULL_CHECK / WINDOWS;
  const next = randomWords(seed ^ 0x5ca9);
  // Windows may not overlap, or a winner would be counted in two: each stays in its own stretch.
  const stretch = Math.floor(count / WINDOWS);
  return Array.from({ length: WINDOWS }, (_, i) => {
    const slack = stretch - length;
    if (i === 0) return { start: 0, length };
    if (i === WINDOWS - 1) return { start: count - length, length };
    return { start: i * stretch + (slack > 0 ? next() % slack : 0), length };
  });
}
