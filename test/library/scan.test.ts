import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, type TestContext, test } from 'vitest';
import type { Card } from '../../harness/card.js';
import { randomBytes, randomWords } from '../../kernels/random.js';
import { sha256dScan } from '../../kernels/sha256d-scan/kernel.js';
import { headerBytes, publishedHeaders, targetOfBits } from '../../kernels/sha256d-scan/published.js';
import { proofOfWork, type ScanInput, scanReference } from '../../kernels/sha256d-scan/reference.js';
import { cardOrSkip } from '../harness/adapter.js';
import { EVERY_NONCE, targetsAround } from './targets.js';

let opened: Promise<Card> | null = null;
afterAll(async () => (await opened)?.close());

const wrapped = (firstNonce: number, count: number) =>
  Array.from({ length: count }, (_, i) => (firstNonce + i) % 2 ** 32);

describe.each(sha256dScan.variants.map(({ id, requires }) => ({ id, requires: requires ?? [] })))(
  'sha256d-scan/$id',
  ({ id: variant, requires }) => {
    /** Scans on the card, or skips the test with the reason. */
    const scanner = async (context: TestContext) => {
      opened ??= cardOrSkip(context);
      const card = await opened;
      const missing = requires.filter((feature) => !card.device.features.includes(feature));
      if (missing.length > 0) context.skip(`${card.device.name} lacks ${missing.join(', ')}`);
      return async (input: ScanInput) => [...(await card.run('sha256d-scan', { variant, ...input })).nonces];
    };

    test('finds each published nonce in ranges that hold it and nothing in others', async (context) => {
      const scan = await scanner(context);
      for (const { header: text, nonce } of publishedHeaders) {
        const header = headerBytes(text);
        const target = targetOfBits(header);
        expect(await scan({ header, firstNonce: nonce - 1000, count: 2000, target })).toEqual([nonce]);
        expect(await scan({ header, firstNonce: nonce, count: 1, target })).toEqual([nonce]);
        expect(await scan({ header, firstNonce: nonce - 1000, count: 1000, target })).toEqual([]);
        expect(await scan({ header, firstNonce: nonce + 1, count: 1000, target })).toEqual([]);
      }
    });

    test('random, all-zeros and all-ones headers, random targets, across the wrap, like OpenSSL', async (context) => {
      const scan = await scanner(context);
      const next = randomWords(2026);
      const headers = [...Array.from({ length: 4 }, () => randomBytes(80, next())), ...[0, 255].map(filled)];
      for (const [i, header] of headers.entries()) {
        const count = 2000 + (next() % 1001);
        const firstNonce = 2 ** 32 - (next() % count);
        const target = (BigInt(next()) << 220n) | BigInt(next());
        const right = scanReference(header, firstNonce, count, target);
        expect(right.length, `header ${i} tests something`).toBeGreaterThan(0);
        expect(await scan({ header, firstNonce, count, target }), `header ${i}`).toEqual([...right]);
      }
    });

    test('counts that fill no vector and no workgroup, from any first nonce, all nonces winning', async (context) => {
      const scan = await scanner(context);
      const header = randomBytes(80, 5);
      for (const count of [1, 2, 3, 4, 5, 7, 63, 64, 65, 127, 255, 257, 1023])
        for (const firstNonce of [0, 3, 2 ** 32 - 2]) {
          const nonces = await scan({ header, firstNonce, count, target: EVERY_NONCE });
          expect(nonces, `${count} from ${firstNonce}`).toEqual(wrapped(firstNonce, count));
        }
    });

    test('the whole number is compared: ties in upper words are decided by lower ones', async (context) => {
      const scan = await scanner(context);
      const { header: genesis, nonce: winner } = publishedHeaders[0] as (typeof publishedHeaders)[0];
      // The published hash begins with a word of zeros, the random one does not.
      for (const [header, nonce] of [
        [headerBytes(genesis), winner],
        [randomBytes(80, 9), 123_456_789],
      ] as const)
        for (const { target, wins } of targetsAround(proofOfWork(header, nonce))) {
          const found = await scan({ header, firstNonce: nonce, count: 1, target });
          expect(found, `target ${target.toString(16)}`).toEqual(wins ? [nonce] : []);
        }
    });

    test('a target that no nonce meets finds none', async (context) => {
      const scan = await scanner(context);
      for (const target of [0n, 1n, 1n << 200n])
        expect(await scan({ header: randomBytes(80, 3), firstNonce: 2 ** 32 - 5000, count: 10_001, target })).toEqual(
          [],
        );
    });

    test('a target that every nonce meets loses none, though the list overflows', async (context) => {
      const scan = await scanner(context);
      const [firstNonce, count] = [2 ** 32 - 70_000, 140_001];
      const nonces = await scan({ header: randomBytes(80, 7), firstNonce, count, target: EVERY_NONCE });
      expect(nonces.length).toBe(count);
      expect(nonces.every((nonce, i) => nonce === (firstNonce + i) % 2 ** 32)).toBe(true);
    });

    test('real headers from the folder that ASSAY_VECTORS names', async (context) => {
      const folder = process.env.ASSAY_VECTORS;
      if (!folder) return context.skip('ASSAY_VECTORS names no folder with bitcoin-headers.json');
      const file = join(folder, 'bitcoin-headers.json');
      if (!existsSync(file)) return context.skip(`${file} is not there`);
      const scan = await scanner(context);
      const { headers } = JSON.parse(readFileSync(file, 'utf8')) as { headers: { header: string; nonce: number }[] };
      expect(headers.length).toBeGreaterThan(0);
      for (const { header: text, nonce } of headers) {
        const header = headerBytes(text);
        const target = targetOfBits(header);
        const before = Math.min(nonce, 5000);
        expect(await scan({ header, firstNonce: nonce - before, count: before + 5000, target })).toEqual([nonce]);
        expect(await scan({ header, firstNonce: (nonce + 1) % 2 ** 32, count: 5000, target })).toEqual([]);
      }
      return undefined;
    });
  },
);

function filled(byte: number): Uint8Array {
  return new Uint8Array(80).fill(byte);
}
