import { createHash } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { baselines } from '../../bench/baselines/index.js';
import { NodeCrypto, nodeCrypto, nodeCryptoOneCore } from '../../bench/baselines/node-crypto.js';
import { scan, sha256 } from '../../bench/baselines/node-crypto-work.js';
import { chooseBaselines } from '../../bench/run/contestants.js';
import type { Baseline } from '../../harness/baseline.js';
import { kernelNamed } from './cases.js';

const hex = (digest: string) => Buffer.from(digest, 'latin1').toString('hex');

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

/** An odd number of messages whose lengths lie on both sides of every limit: block, padding. */
const LENGTHS = [0, 1, 31, 55, 56, 63, 64, 65, 255, 256, 257, 1000, 4099];
const messagesOf = (seed: number) => ({
  messages: LENGTHS.map((length) => Uint8Array.from({ length }, (_, i) => (i * seed + length) % 251)),
});

describe('node-crypto', () => {
  const opened: Baseline[] = [];
  const withProcesses = async (processes: number) => {
    const baseline = new NodeCrypto('node-crypto/cpu', processes);
    opened.push(baseline);
    return { baseline, provenance: await baseline.open() };
  };
  afterEach(async () => {
    for (const baseline of opened.splice(0)) await baseline.close();
  });

  test('says which OpenSSL computes, and in how many processes', async () => {
    expect((await withProcesses(1)).provenance).toMatch(
      new RegExp(`OpenSSL ${process.versions.openssl.replaceAll('.', '\\.')}.*, 1 process of one thread$`),
    );
    expect((await withProcesses(3)).provenance).toMatch(/, 3 processes of one thread$/);
  });

  test.each([1, 2, 3, 20])('%i processes hash messages of every length, each in its place', async (processes) => {
    const { baseline } = await withProcesses(processes);
    const inputs = [messagesOf(3), messagesOf(7)];
    const loaded = await baseline.load(kernelNamed('sha256'), {}, inputs);
    for (const set of [0, 1, 0]) {
      await loaded.run(set);
      await loaded.finish();
      const { digests } = (await loaded.output()) as { digests: Uint8Array[] };
      const oneByOne = inputs[set]?.messages.map((m) => new Uint8Array(createHash('sha256').update(m).digest()));
      expect(digests).toEqual(oneByOne);
      expect(digests[0]?.constructor).toBe(Uint8Array);
    }
    await loaded.release();
  });

  test.each([1, 2, 3])('%i processes find every winner, in scan order across the wrap at 2³²', async (processes) => {
    const { baseline } = await withProcesses(processes);
    const easy = { header: new Uint8Array(GENESIS), firstNonce: 2 ** 32 - 301, count: 1009, target: (1n << 256n) / 3n };
    const none = { ...easy, target: 0n };
    const all = { ...easy, target: 2n ** 256n - 1n };
    const inputs = [easy, none, all];
    const loaded = await baseline.load(kernelNamed('sha256d-scan'), {}, inputs);
    for (const set of [0, 1, 2, 0]) {
      await loaded.run(set);
      expect(await loaded.output()).toEqual({ nonces: scan(inputs[set] as typeof easy) });
    }
    await loaded.release();
  });

  test('fewer items than processes, and one load after another', async () => {
    const { baseline } = await withProcesses(5);
    for (const text of ['abc', 'abcd']) {
      const input = { messages: [new TextEncoder().encode(text)] };
      const loaded = await baseline.load(kernelNamed('sha256'), {}, [input, input]);
      await loaded.run(1);
      const { digests } = (await loaded.output()) as { digests: Uint8Array[] };
      expect(digests).toEqual([new Uint8Array(createHash('sha256').update(text).digest())]);
      await loaded.release();
    }
  });

  test('an error in a process is an error of the run, and the next load has new processes', async () => {
    const { baseline } = await withProcesses(2);
    const good = { header: new Uint8Array(GENESIS), firstNonce: 0, count: 100, target: 2n ** 256n - 1n };
    const bad = { ...good, target: 'none' as unknown as bigint };
    const loaded = await baseline.load(kernelNamed('sha256d-scan'), {}, [good, bad]);
    await expect(loaded.run(1)).rejects.toThrow(/process \d of 2: Cannot/);
    await expect(loaded.run(0)).rejects.toThrow(/process \d of 2/);
    await loaded.release();
    const again = await baseline.load(kernelNamed('sha256d-scan'), {}, [good, good]);
    await again.run(0);
    expect(await again.output()).toEqual({ nonces: Uint32Array.from({ length: 100 }, (_, i) => i) });
    await again.release();
  });

  test('refuses other kernels in words', () => {
    expect(nodeCrypto.unsupported(kernelNamed('matmul'), {})).toMatch(/not on matmul/);
    expect(nodeCrypto.unsupported(kernelNamed('sha256d-scan'), {})).toBeNull();
  });

  test('one core takes part only where it is named', () => {
    const ids = (names: readonly string[] | null) => chooseBaselines(names).map(({ id }) => id);
    expect(ids(null)).toContain(nodeCrypto.id);
    expect(ids(null)).not.toContain(nodeCryptoOneCore.id);
    expect(ids([nodeCryptoOneCore.id])).toEqual(['node-crypto/cpu-1']);
  });
});

test('each listed baseline loads and has the id and the kernels that the list says', async () => {
  for (const { id, kernels, load } of baselines) {
    const baseline = await load();
    expect(baseline.id).toBe(id);
    for (const kernel of kernels) {
      const [name, type] = kernel.split('/') as [string, string | undefined];
      const shape = { batch: 1, heads: 1, kvHeads: 1, queryLength: 1, keyLength: 1, headSize: 8, causal: 0 };
      expect(baseline.unsupported(kernelNamed(name, type), shape), `${id} on ${kernel}`).toBeNull();
    }
  }
});
