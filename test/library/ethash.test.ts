import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import type { Card } from '../../harness/card.js';
import { ContestantProcess, RemoteError } from '../../harness/contestant-process.js';
import { InputError } from '../../kernels/errors.js';
import { reducedGeometry } from '../../kernels/ethash/geometry.js';
import { ethashReference } from '../../kernels/ethash/hashing.js';
import { ethash, ethashReduced } from '../../kernels/ethash/kernel.js';
import { smallCase } from '../../kernels/ethash/published.js';
import { randomBytes } from '../../kernels/random.js';
import { cardOrSkip } from '../harness/adapter.js';

let opened: Promise<Card> | null = null;
const card = (context: Parameters<typeof cardOrSkip>[0]) => {
  opened ??= cardOrSkip(context);
  return opened;
};
afterAll(async () => (await opened)?.close());

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const bytes = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));
const variants = ethashReduced.variants.map(({ id }) => id);

async function usable(context: Parameters<typeof cardOrSkip>[0], id: string): Promise<Card> {
  const gpu = await card(context);
  const needs = ethashReduced.variants.find((v) => v.id === id)?.requires ?? [];
  const missing = needs.filter((feature) => !gpu.device.features.includes(feature));
  if (missing.length > 0) context.skip(`${gpu.device.name} lacks ${missing.join(', ')}`);
  return gpu;
}

describe.each(variants)('ethash, %s', (variant) => {
  test('the published small case', async (context) => {
    const gpu = await usable(context, variant);
    const nonces = BigUint64Array.of(smallCase.nonce);
    const { headerHash } = smallCase;
    const { mixHashes, finalHashes } = await gpu.run('ethash-reduced', { variant, kib: 32, headerHash, nonces });
    expect(mixHashes.map(hex)).toEqual([hex(smallCase.mixHash)]);
    expect(finalHashes.map(hex)).toEqual([hex(smallCase.finalHash)]);
  });

  test.for([
    [32, 1],
    [34, 63],
    [50, 65],
    [1030, 130],
  ] as const)('%d KiB of DAG, %d nonces like the CPU', async ([kib, count], context) => {
    const gpu = await usable(context, variant);
    // Odd ones among them: none, all bits, and both sides of the carry between its words.
    const odd = [0n, 2n ** 64n - 1n, 2n ** 32n - 1n, 2n ** 32n];
    const nonces = BigUint64Array.from({ length: count }, (_, i) => odd[i] ?? BigInt(i) * 0x9e3779b97f4a7c15n);
    for (const headerHash of [randomBytes(32, kib), new Uint8Array(32).fill(255)]) {
      const got = await gpu.run('ethash-reduced', { variant, kib, headerHash, nonces });
      const want = ethashReference(reducedGeometry(kib), { headerHash, nonces });
      expect(got.mixHashes.map(hex)).toEqual(want.mixHashes.map(hex));
      expect(got.finalHashes.map(hex)).toEqual(want.finalHashes.map(hex));
    }
  });
});

describe('a DAG in several bindings', () => {
  const script = fileURLToPath(new URL('../fixtures/split-dag/worker.mjs', import.meta.url));
  // 34 KiB are 272 pages; a binding holds its bytes less the guard words, in whole pages of 128 bytes.
  test.for([
    [2, 20_000],
    [4, 12_000],
    [6, 7000],
    [8, 5000],
    [12, 3500],
  ] as const)('%d of them', async ([pieces, bindingSize], context) => {
    const gpu = await card(context);
    const worker = new ContestantProcess('split', script, [String(bindingSize)], gpu.env);
    try {
      await worker.call('open', { deviceName: null, software: gpu.device.software, mode: 'safe' }, 60_000);
      const limits = { ...gpu.limits, maxStorageBufferBindingSize: bindingSize };
      const input = { kib: 34, headerHash: randomBytes(32, pieces), nonces: BigUint64Array.from([5n, 6n, 7n]) };
      const want = ethashReference(reducedGeometry(34), input);
      for (const { id, plan, requires = [] } of ethashReduced.variants) {
        if (id === 'light' || !requires.every((f) => gpu.device.features.includes(f))) continue;
        // Every module with one variant, and every variant with one module: each pair takes seconds to compile.
        if (pieces > 2 && id !== 'registers') continue;
        const tuning = id === 'in-flight' || id === 'shuffle' ? { group: 64, flight: 2 } : { group: 64 };
        if (limits.maxStorageBuffersPerShaderStage >= pieces + 2)
          expect(plan({ kib: 34, nonces: 3 }, { ...tuning, flight: 2 }, limits).dispatches[0]?.modules).toContain(
            `ethash/dag-${pieces}.wgsl`,
          );
        const params = { kernel: 'ethash-reduced', variant: id, tuning, input };
        const { output } = await worker.call('compute', params, 60_000);
        const { mixHashes, finalHashes } = output as typeof want;
        expect(mixHashes.map(hex), id).toEqual(want.mixHashes.map(hex));
        expect(finalHashes.map(hex), id).toEqual(want.finalHashes.map(hex));
      }
    } catch (error) {
      if (error instanceof RemoteError && error.name === 'ShapeError') context.skip(error.message);
      throw error;
    } finally {
      await worker.close();
    }
  });
});

describe('card.run', () => {
  test('no nonces give no hashes', async (context) => {
    const request = { blockNumber: 0, headerHash: new Uint8Array(32), nonces: new BigUint64Array(0) };
    expect(await (await card(context)).run('ethash', request)).toEqual({ mixHashes: [], finalHashes: [] });
  });

  test.for([
    [{ blockNumber: -1 }, /blockNumber must be a whole number/],
    [{ blockNumber: 1.5 }, /blockNumber must be a whole number/],
    [{ blockNumber: 2048 * 30_000 }, /blockNumber must be a whole number from 0 to 61439999/],
    [{ headerHash: new Uint8Array(31) }, /headerHash must be 32 bytes, got 31/],
    [{ headerHash: 'x' }, /headerHash must be a Uint8Array/],
    [{ nonces: [1n] }, /nonces must be a BigUint64Array/],
    [{ nonces: new BigUint64Array(2 ** 22 + 1) }, /at most 4194304 nonces/],
    [{ nonce: 1n }, /unknown argument "nonce"/],
    [{ variant: 'lite' }, /unknown variant of ethash "lite" \(there are: light, /],
  ] as const)('bad input %# is refused by name', async ([wrong, message], context) => {
    const right = { blockNumber: 0, headerHash: new Uint8Array(32), nonces: BigUint64Array.of(1n) };
    const running = (await card(context)).run('ethash', { ...right, ...wrong } as never);
    await expect(running).rejects.toThrow(message);
    await expect(running).rejects.toBeInstanceOf(InputError);
  });

  test('mined blocks and other answers of real epochs, from the folder that ASSAY_VECTORS names', async (context) => {
    const folder = process.env.ASSAY_VECTORS;
    if (!folder) return context.skip('ASSAY_VECTORS names no folder with ethash-vectors.json');
    const file = join(folder, 'ethash-vectors.json');
    if (!existsSync(file)) return context.skip(`${file} is not there`);
    const { cases } = JSON.parse(readFileSync(file, 'utf8')) as {
      cases: { block: number; headerHash: string; nonce: string; mixHash: string; finalHash: string }[];
    };
    expect(cases.length).toBeGreaterThan(0);
    const gpu = await card(context);
    for (const { block, headerHash, nonce, mixHash, finalHash } of cases) {
      const nonces = BigUint64Array.of(BigInt(`0x${nonce}`));
      const got = await gpu.run('ethash', { blockNumber: block, headerHash: bytes(headerHash), nonces });
      expect(got.mixHashes.map(hex), `block ${block}`).toEqual([mixHash]);
      expect(got.finalHashes.map(hex), `block ${block}`).toEqual([finalHash]);
      // The CPU's own answer, which all others are checked against.
      const { shape, input } = ethash.shapeOf({ blockNumber: block, headerHash: bytes(headerHash), nonces });
      const own = ethash.reference(shape, input);
      expect(own.mixHashes.map(hex), `block ${block}`).toEqual([mixHash]);
      expect(own.finalHashes.map(hex), `block ${block}`).toEqual([finalHash]);
    }
    return undefined;
  });
});
