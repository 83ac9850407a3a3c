import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { cacheBytes, datasetBytes, epochOfBlock, seedHash } from '../../kernels/ethash/epochs.js';
import { reducedGeometry } from '../../kernels/ethash/geometry.js';
import { keccak256, keccak512, sponge } from '../../kernels/ethash/keccak.js';
import { ethash, ethashReduced } from '../../kernels/ethash/kernel.js';
import { lightCache } from '../../kernels/ethash/light-cache.js';
import { hashOperations, keccakOperations } from '../../kernels/ethash/operations.js';
import { smallCase } from '../../kernels/ethash/published.js';
import { datasetItem, fullPages, hashimoto, lightPages, makeDataset } from '../../kernels/ethash/reference.js';
import { reciprocalOf, remainderBy } from '../../kernels/ethash/remainder.js';
import { randomBytes, randomWords } from '../../kernels/random.js';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

describe('Keccak', () => {
  // With the suffix of FIPS 202 the same sponge is SHA-3, which OpenSSL has.
  test.each([0, 1, 63, 64, 71, 72, 73, 135, 136, 137, 1000])('SHA-3 of %d bytes as OpenSSL has it', (length) => {
    const message = randomBytes(length, length + 1);
    const openssl = (name: string) => createHash(name).update(message).digest('hex');
    expect(hex(sponge(message, 32, 0x06))).toBe(openssl('sha3-256'));
    expect(hex(sponge(message, 64, 0x06))).toBe(openssl('sha3-512'));
  });
  test('with the original padding: the empty message (Keccak team, ShortMsgKAT_256 and _512, Len = 0)', () => {
    const empty = new Uint8Array(0);
    expect(hex(keccak256(empty))).toBe('c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470');
    expect(hex(keccak512(empty))).toBe(
      '0eab42de4c3ceb9235fc91acffe746b29c29a8c366b7c60e4e67c466f36a4304c00fa9caf9d87976ba469bcbe06713b435f091ef2769fb160cdab33d3670680e',
    );
  });
});

describe('epochs', () => {
  // Ethereum wiki, Ethash, appendix "Data sizes"; the last of Ethereum, epoch 517.
  test.each([
    [0, 16776896, 1073739904],
    [1, 16907456, 1082130304],
    [2, 17039296, 1090514816],
    [2047, 285081536, 18245220736],
  ])('sizes of epoch %d', (epoch, cache, dataset) => {
    expect(cacheBytes(epoch)).toBe(cache);
    expect(datasetBytes(epoch)).toBe(dataset);
  });
  test('the seed of epoch 1 is Keccak-256 of 32 zero bytes', () => {
    expect(hex(seedHash(0))).toBe('00'.repeat(32));
    expect(hex(seedHash(1))).toBe('290decd9548b62a8d60345a988386fc84ba6bc95484008f6362f93160ef3e563');
  });
  test('blocks: 30,000 to an epoch, 60,000 on Ethereum Classic from 11,700,000 on, seeds counted on by 30,000', () => {
    expect(epochOfBlock(29_999)).toEqual({ epoch: 0, seedHashes: 0 });
    expect(epochOfBlock(30_000)).toEqual({ epoch: 1, seedHashes: 1 });
    expect(epochOfBlock(11_699_999, true)).toEqual({ epoch: 389, seedHashes: 389 });
    expect(epochOfBlock(11_700_000, true)).toEqual({ epoch: 195, seedHashes: 390 });
    expect(epochOfBlock(11_760_000, true)).toEqual({ epoch: 196, seedHashes: 392 });
  });
});

describe('hashimoto', () => {
  const cache = lightCache(reducedGeometry(smallCase.kib).cacheBytes, 0);
  const bytes = smallCase.kib * 1024;
  test('the published small case, from the cache and from the dataset', () => {
    for (const pages of [lightPages(cache), fullPages(makeDataset(cache, bytes))]) {
      const { mixHash, finalHash } = hashimoto(smallCase.headerHash, smallCase.nonce, bytes, pages);
      expect(hex(mixHash)).toBe(hex(smallCase.mixHash));
      expect(hex(finalHash)).toBe(hex(smallCase.finalHash));
    }
  });
  test('an item depends on its index alone', () => {
    const [one, other] = [new Uint32Array(16), new Uint32Array(16)];
    datasetItem(cache, 5, one);
    datasetItem(cache, 5, other);
    expect(other).toEqual(one);
    datasetItem(cache, 6, other);
    expect(other).not.toEqual(one);
  });
});

describe('n % d without a division', () => {
  const next = randomWords(3);
  const divisors = [2, 3, 5, 127, 128, 65535, 65536, 65537, 262139, 8388593, 2 ** 31 - 1, 2 ** 31];
  for (let i = 0; i < 20; i++) divisors.push(2 + (next() % (2 ** 31 - 2)));
  test.each(divisors)('by %d', (divisor) => {
    const reciprocal = reciprocalOf(divisor);
    const edges = [0, 1, divisor - 1, divisor, divisor + 1, 2 ** 32 - 1, 2 ** 31, 2 * divisor - 1];
    const multiples = Array.from({ length: 500 }, () => (next() - (next() % divisor)) >>> 0);
    for (const n of [...edges, ...multiples, ...Array.from({ length: 2000 }, next)].filter((v) => v < 2 ** 32))
      expect(remainderBy(n, divisor, reciprocal)).toBe(n % divisor);
  });
  test.each([0, 1, 1.5, 2 ** 31 + 1])('no reciprocal of %d', (divisor) => {
    expect(() => reciprocalOf(divisor)).toThrow(/from 2 to 2\^31/);
  });
});

describe('operation counts', () => {
  test('a full permutation in the middle of a sponge needs no more than 24 rounds of the plain count', () => {
    // Per round and half: θ 5·2 + 25 (three-operand), ρ 24 + θ 5 rotations, χ 25, ι at most 1.
    const { 'int-logic': logic, 'int-rotate': rotations } = keccakOperations(192, 200, 200);
    expect(logic).toBeLessThanOrEqual(24 * 2 * (10 + 25 + 25 + 1));
    expect(logic).toBeGreaterThan(23 * 2 * (10 + 25 + 25));
    expect(rotations).toBeLessThanOrEqual(24 * 2 * 29);
    expect(rotations).toBeGreaterThan(23 * 2 * 29);
  });
  test('a hash: 64 accesses with 33 FNV each and 24 at the end, and 64 remainders', () => {
    expect(hashOperations()).toMatchObject({ 'int-mul': 64 * 33 + 24 + 2 * 64, 'int-add': 64 });
  });
});

describe.each([ethash, ethashReduced])('the oracle of $id', (kernel) => {
  const shape = kernel.probes[1] as Record<string, number>;
  const input = kernel.input(shape, 1);
  const right = () => kernel.reference(shape, input as never);
  test('accepts the reference', () => {
    expect(kernel.oracle(shape, input as never, 1).check(right())).toEqual({ correct: true, maxError: 0 });
  });
  test.each(['mixHashes', 'finalHashes'] as const)('refuses a flipped bit in %s, and says where', (field) => {
    const output = right();
    const hash = (output[field] as Uint8Array[])[7] as Uint8Array;
    hash[31] = (hash[31] as number) ^ 1;
    const verdict = kernel.oracle(shape, input as never, 1).check(output);
    expect(verdict.correct).toBe(false);
    expect(verdict.detail).toContain('number 7');
  });
  test('refuses a missing hash', () => {
    const { mixHashes, finalHashes } = right();
    const verdict = kernel.oracle(shape, input as never, 1).check({ mixHashes: mixHashes.slice(1), finalHashes });
    expect(verdict.correct).toBe(false);
  });
});

test('of many nonces a copied answer is seen wherever it is', () => {
  const shape = { kib: 32, nonces: 1000 };
  const input = ethashReduced.input(shape, 2);
  const output = ethashReduced.reference(shape, input);
  const oracle = ethashReduced.oracle(shape, input, 2);
  expect(oracle.check(output).correct).toBe(true);
  let missed = 0;
  for (let at = 1; at < 1000; at += 37) {
    const finalHashes = output.finalHashes.with(at, output.finalHashes[at - 1] as Uint8Array);
    if (oracle.check({ ...output, finalHashes }).correct) missed++;
  }
  expect(missed).toBe(0);
});
