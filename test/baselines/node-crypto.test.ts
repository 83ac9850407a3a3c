import { describe, expect, test } from 'vitest';
import { baselines } from '../../bench/baselines/index.js';
import { nodeCrypto, scan, sha256 } from '../../bench/baselines/node-crypto.js';
import { kernelNamed } from './cases.js';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

describe('sha256', () => {
  // FIPS 180-4 example messages, as in NIST's SHA-256 examples and SHAVS.
  test.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    [
      'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    ],
  ])('of "%s"', (message, digest) => {
    expect(hex(sha256(new TextEncoder().encode(message)))).toBe(digest);
  });
});

/** Block 0 of Bitcoin: nonce 2083236893. */
const GENESIS = Buffer.from(
  '0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c',
  'hex',
);
const NONCE = 2083236893;
const HASH = 0x000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26fn;

describe('scan', () => {
  const around = { header: GENESIS, firstNonce: NONCE - 50, count: 100 };

  test('finds the nonce of the genesis block', () => {
    expect(scan({ ...around, target: 0xffffn << 208n })).toEqual(Uint32Array.of(NONCE));
  });

  test('a hash that equals the target meets it, one above does not', () => {
    expect(scan({ ...around, target: HASH })).toEqual(Uint32Array.of(NONCE));
    expect(scan({ ...around, target: HASH - 1n })).toEqual(new Uint32Array(0));
  });

  test('every word of the target counts, not the highest alone', () => {
    for (const bit of [64n, 128n, 160n]) {
      expect(scan({ ...around, target: HASH + (1n << bit) })).toEqual(Uint32Array.of(NONCE));
      expect(scan({ ...around, target: HASH - (1n << bit) })).toEqual(new Uint32Array(0));
    }
  });

  test('everything meets the greatest target, in scan order across the wrap at 2³²', () => {
    const target = 2n ** 256n - 1n;
    expect(scan({ header: GENESIS, firstNonce: 2 ** 32 - 2, count: 4, target })).toEqual(
      Uint32Array.of(2 ** 32 - 2, 2 ** 32 - 1, 0, 1),
    );
  });

  test('ignores the nonce in the header and leaves the header as it was', () => {
    const header = new Uint8Array(GENESIS);
    header.fill(0xff, 76);
    const before = header.slice();
    expect(scan({ ...around, header, target: HASH })).toEqual(Uint32Array.of(NONCE));
    expect(header).toEqual(before);
  });
});

describe('node-crypto/cpu', () => {
  test('says which OpenSSL computes', async () => {
    expect(await nodeCrypto.open({ software: null, mode: 'safe' })).toContain(`OpenSSL ${process.versions.openssl}`);
  });

  test('answers for the input set of the last run, as plain Uint8Arrays', async () => {
    const inputs = ['', 'abc'].map((text) => ({ messages: [new TextEncoder().encode(text)] }));
    const loaded = await nodeCrypto.load(kernelNamed('sha256'), {}, inputs);
    await loaded.run(0);
    await loaded.run(1);
    await loaded.finish();
    const { digests } = (await loaded.output()) as { digests: Uint8Array[] };
    expect(digests).toEqual([new Uint8Array(sha256(Buffer.from('abc')))]);
    expect(digests[0]?.constructor).toBe(Uint8Array);
    await loaded.release();
  });

  test('refuses other kernels in words', () => {
    expect(nodeCrypto.unsupported(kernelNamed('matmul'), {})).toMatch(/not on matmul/);
    expect(nodeCrypto.unsupported(kernelNamed('sha256d-scan'), {})).toBeNull();
  });
});

test('each listed baseline loads and has the id and the kernels that the list says', async () => {
  for (const { id, kernels, load } of baselines) {
    const baseline = await load();
    expect(baseline.id).toBe(id);
    for (const kernel of kernels) {
      const shape = { batch: 1, heads: 1, kvHeads: 1, queryLength: 1, keyLength: 1, headSize: 8, causal: 0 };
      expect(baseline.unsupported(kernelNamed(kernel), shape), `${id} on ${kernel}`).toBeNull();
    }
  }
});
