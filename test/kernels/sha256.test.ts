import { createHash, randomBytes as random } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { compress, INITIAL_STATE } from '../../kernels/sha256/compress.js';
import { sha256 } from '../../kernels/sha256/kernel.js';
import { blockCount, packMessages, wordsToBytes } from '../../kernels/sha256/layout.js';
import { sha256dScan } from '../../kernels/sha256d-scan/kernel.js';
import { scanOracle } from '../../kernels/sha256d-scan/oracle.js';
import { headerBytes, publishedHeaders, targetOfBits } from '../../kernels/sha256d-scan/published.js';
import { proofOfWork, scanReference } from '../../kernels/sha256d-scan/reference.js';

describe('the host’s compression function', () => {
  test('hashes messages of every length around block boundaries like OpenSSL', () => {
    for (const length of [0, 1, 54, 55, 56, 57, 63, 64, 65, 119, 120, 128, 1000]) {
      const message = random(length);
      const { blocks } = packMessages([message]);
      let state: ArrayLike<number> = INITIAL_STATE;
      for (let b = 0; b < blocks.length; b += 16) state = compress(state, blocks.subarray(b, b + 16));
      const digest = Buffer.from(wordsToBytes(state as Uint32Array));
      expect(digest.toString('hex'), `${length} bytes`).toBe(createHash('sha256').update(message).digest('hex'));
    }
  });
});

describe('message layout', () => {
  test('counts blocks as the padding rule has it', () => {
    expect([0, 55, 56, 63, 64, 119, 120].map(blockCount)).toEqual([1, 1, 2, 2, 2, 2, 3]);
  });
  test('numbers messages and their first blocks', () => {
    const { blocks, table } = packMessages([new Uint8Array(56), new Uint8Array(0), new Uint8Array(64)]);
    expect([...table]).toEqual([3, 0, 2, 3, 5]);
    expect(blocks).toHaveLength(5 * 16);
  });
  test('benchmark inputs fill exactly the blocks that their shape says', () => {
    for (const shape of [...sha256.probes, sha256.pilot])
      for (const seed of [1, 2, 3]) {
        const input = sha256.input(shape, seed);
        expect(sha256.shapeOf(input).shape).toEqual(shape);
      }
  });
});

describe('published headers', () => {
  test.each(publishedHeaders)('block $height has its hash and meets its own target', ({ header, nonce, hash }) => {
    const bytes = headerBytes(header);
    expect(proofOfWork(bytes, nonce).toString(16).padStart(64, '0')).toBe(hash);
    expect(proofOfWork(bytes, nonce)).toBeLessThanOrEqual(targetOfBits(bytes));
    expect([...scanReference(bytes, nonce - 5, 10, targetOfBits(bytes))]).toEqual([nonce]);
    expect([...scanReference(bytes, nonce + 1, 10, targetOfBits(bytes))]).toEqual([]);
  });
});

describe('the scan’s oracle', () => {
  const long = sha256dScan.input({ nonces: 200_000 }, 5);
  const right = scanReference(long.header, long.firstNonce, long.count, long.target);
  const oracle = scanOracle(long, 5);

  test('accepts the winners in any order', () => {
    expect(oracle.check({ nonces: right }).correct).toBe(true);
    expect(oracle.check({ nonces: right.slice().reverse() }).correct).toBe(true);
  });
  test('refuses a winner listed twice, outside the range, or that is none', () => {
    const first = right[0] as number;
    expect(oracle.check({ nonces: Uint32Array.from([...right, first]) }).detail).toContain('twice');
    const outside = (long.firstNonce + long.count) >>> 0;
    expect(oracle.check({ nonces: Uint32Array.from([...right, outside]) }).detail).toContain('outside');
    const loser = (first + 1) >>> 0;
    expect(right.includes(loser)).toBe(false);
    expect(oracle.check({ nonces: Uint32Array.from([...right, loser]) }).correct).toBe(false);
  });
  test('refuses when a large part is missing, wherever it is', () => {
    for (const part of [0, 1, 2, 3]) {
      const kept = right.filter((n) => Math.floor((((n - long.firstNonce) >>> 0) * 4) / long.count) !== part);
      expect(oracle.check({ nonces: kept }).correct, `quarter ${part}`).toBe(false);
    }
    expect(oracle.check({ nonces: new Uint32Array(0) }).correct).toBe(false);
  });
  test('is exact on short ranges', () => {
    const short = sha256dScan.input({ nonces: 4099 }, 3);
    const want = scanReference(short.header, short.firstNonce, short.count, short.target);
    const judge = scanOracle(short, 3);
    expect(want.length).toBeGreaterThan(1);
    expect(judge.check({ nonces: want }).correct).toBe(true);
    expect(judge.check({ nonces: want.slice(1) }).correct).toBe(false);
  });
});

describe('bad input names the argument', () => {
  const header = new Uint8Array(80);
  const good = { header, firstNonce: 0, count: 1, target: 1n };
  test.each([
    [{ ...good, header: new Uint8Array(79) }, /header must be 80 bytes, got 79/],
    [{ ...good, header: 'abc' }, /header must be a Uint8Array of 80 bytes, got "abc"/],
    [{ ...good, count: 0 }, /count must be a whole number from 1 to 4294967296, got 0/],
    [{ ...good, count: 1.5 }, /count/],
    [{ ...good, count: 2 ** 32 + 1 }, /count/],
    [{ ...good, firstNonce: -1 }, /firstNonce/],
    [{ ...good, firstNonce: 2 ** 32 }, /firstNonce/],
    [{ ...good, target: 5 }, /target must be a bigint/],
    [{ ...good, target: -1n }, /target/],
    [{ ...good, target: 1n << 256n }, /target/],
    [{ ...good, taget: 1n }, /unknown argument "taget"/],
    [null, /expected an object/],
  ])('%#', (input, message) => {
    expect(() => sha256dScan.shapeOf(input)).toThrow(message);
  });
  test('messages', () => {
    expect(() => sha256.shapeOf({ messages: ['abc'] })).toThrow(/messages\[0\] must be a Uint8Array/);
    expect(() => sha256.shapeOf({ messages: 'abc' })).toThrow(/must be an array/);
    expect(() => sha256.shapeOf({})).toThrow(/must be an array/);
  });
});
