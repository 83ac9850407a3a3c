import { bigNumber, bytes, record, wholeNumber } from '../arguments.js';
import type { Kernel } from '../declaration.js';
import { searchInParts } from '../hits.js';
import { randomBytes } from '../random.js';
import { integerBound } from '../sha256/operations.js';
import { scanOperations } from './operations.js';
import { FULL_CHECK, onlyWinner, scanOracle } from './oracle.js';
import { headerBytes, publishedHeaders, targetOfBits } from './published.js';
import { type ScanInput, type ScanOutput, scanReference } from './reference.js';
import { variants } from './variants.js';

export type { ScanInput, ScanOutput } from './reference.js';

/** A long benchmark's winners at most: many, so that work left out is missed, and far below the list's capacity. */
const EXPECTED_WINNERS = 16384;
/** Nonces per execution of `run`: long enough to fill a GPU, short enough for a driver's watchdog. */
const NONCES_PER_EXECUTION = 2 ** 24;

/** Bitcoin's proof of work over a range of nonces. */
export const sha256dScan: Kernel<ScanInput, ScanOutput> = {
  id: 'sha256d-scan',
  family: 'mining',
  title: "SHA-256d of a block header over a range of nonces (Bitcoin's proof of work)",
  source: 'FIPS 180-4; block header and target as in the Bitcoin developer reference, "Block Headers"',
  axes: [{ name: 'nonces', token: 'n', meaning: 'nonces tried', min: 1, max: 2 ** 32 }],
  probes: [{ nonces: 1 }, { nonces: 4099 }],
  knownAnswers: publishedHeaders.map(({ height, header, nonce, source }) => {
    const bytes = headerBytes(header);
    // The range ends just past the winner, so that its last invocations are at work too.
    const input = { header: bytes, firstNonce: nonce - 300, count: 333, target: targetOfBits(bytes) };
    return { name: `block ${height}`, source, input, oracle: onlyWinner(nonce) };
  }),
  pilot: { nonces: 32768 },
  workloads: [
    { nonces: 131072 },
    { nonces: 1048576 },
    { nonces: 4194304 },
    { nonces: 16777216 },
    { nonces: 268435456 },
  ],
  input: (shape, seed) => {
    const count = shape.nonces as number;
    // Ranges that the CPU repeats whole may have many winners. In longer ones, which are timed, they must be rare, as
    // they are to a miner: with one in 256, every eighth subgroup of 32 would leave the common path.
    const rarity = count <= FULL_CHECK ? 256 : Math.max(1024, 2 ** Math.ceil(Math.log2(count / EXPECTED_WINNERS)));
    return {
      header: randomBytes(80, seed),
      // Near the top of the range, so that every benchmark crosses the wrap at 2³².
      firstNonce: 2 ** 32 - Math.ceil(count / 3),
      count,
      target: (1n << 256n) / BigInt(rarity) - 1n,
    };
  },
  shapeOf: (value) => {
    const fields = record(value, 'sha256d-scan', ['header', 'firstNonce', 'count', 'target']);
    const input = {
      header: bytes(fields.header, 'sha256d-scan: header', 80),
      firstNonce: wholeNumber(fields.firstNonce, 'sha256d-scan: firstNonce', 0, 2 ** 32 - 1),
      count: wholeNumber(fields.count, 'sha256d-scan: count', 1, 2 ** 32),
      target: bigNumber(fields.target, 'sha256d-scan: target', 256),
    };
    return { shape: { nonces: input.count }, input };
  },
  reference: (_shape, { header, firstNonce, count, target }) => ({
    nonces: scanReference(header, firstNonce, count, target),
  }),
  oracle: (_shape, input, seed) => scanOracle(input, seed),
  work: ({ nonces }) => ({ operations: nonces as number, unit: 'hash', bytes: 0 }),
  bounds: ({ nonces }) => [integerBound(scanOperations['early-exit'], nonces as number)],
  variants,
  shortlist: ['naive', 'unrolled', 'early-exit', 'short-chain'],
  defaultVariant: 'early-exit',
  async run(input, execute) {
    const offsets = await searchInParts(input.count, NONCES_PER_EXECUTION, async (offset, count) => {
      const firstNonce = (input.firstNonce + offset) % 2 ** 32;
      const { nonces } = await execute({ ...input, firstNonce, count });
      // Both here and below a word wraps as the range does.
      return nonces.map((nonce) => nonce - firstNonce);
    });
    return { nonces: offsets.map((offset) => input.firstNonce + offset) };
  },
};
