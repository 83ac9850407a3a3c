import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import type { Card } from '../../harness/card.js';
import { ContestantProcess } from '../../harness/contestant-process.js';
import { InputError } from '../../kernels/errors.js';
import { seedHash } from '../../kernels/ethash/epochs.js';
import { reducedGeometry } from '../../kernels/ethash/geometry.js';
import { ethashReference } from '../../kernels/ethash/hashing.js';
import { ethash, ethashReduced } from '../../kernels/ethash/kernel.js';
import { smallCase } from '../../kernels/ethash/published.js';
import { ethashCache } from '../../kernels/ethash-cache/kernel.js';
import { ethashDag } from '../../kernels/ethash-dag/kernel.js';
import { randomBytes } from '../../kernels/random.js';
import { cardOrSkip } from '../harness/adapter.js';

let opened: Promise<Card> | null = null;
type Context = Parameters<typeof cardOrSkip>[0];
const card = (context: Context) => {
  opened ??= cardOrSkip(context);
  return opened;
};
const splitters: ContestantProcess[] = [];
afterAll(async () => {
  await Promise.all(splitters.map((worker) => worker.close()));
  await (await opened)?.close();
});

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const answers = ({ mixHashes, finalHashes }: { mixHashes: Uint8Array[]; finalHashes: Uint8Array[] }) =>
  mixHashes.map((mix, i) => `${hex(mix)} ${hex(finalHashes[i] as Uint8Array)}`);

async function cardWith(context: Context, requires: readonly string[] = []): Promise<Card> {
  const gpu = await card(context);
  const missing = requires.filter((f) => !gpu.device.features.includes(f));
  if (missing.length > 0) context.skip(`${gpu.device.name} lacks ${missing.join(', ')}`);
  return gpu;
}

describe('every variant hashes like the CPU', () => {
  for (const { id: variant, requires, tuning = {} } of ethashReduced.variants) {
    // Reduced DAGs are not in the list of what callers compute, but the card knows them.
    const run = (gpu: Card, request: object) =>
      gpu.run('ethash-reduced' as 'ethash', { variant, ...request } as never) as Promise<
        ReturnType<typeof ethashReference>
      >;

    test(`${variant}: several DAGs and odd numbers of nonces`, async (context) => {
      const gpu = await cardWith(context, requires);
      for (const [kib, count] of [
        [32, 1],
        [32, 7],
        [46, 65],
        [1030, 129],
        [34, 1],
      ] as const) {
        const request = { kib, headerHash: randomBytes(32, kib + count), nonces: randomNonces(count) };
        const got = await run(gpu, request);
        expect(answers(got), `${kib} KiB, ${count} nonces`).toEqual(
          answers(ethashReference(reducedGeometry(kib), request)),
        );
      }
    });

    test(`${variant}: extreme nonces and headers, and the same nonce many times`, async (context) => {
      const gpu = await cardWith(context, requires);
      const nonces = BigUint64Array.of(0n, 2n ** 64n - 1n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 63n, 5n, 5n, 5n, 0n, 1n);
      for (const fill of [0x00, 0xff, 0x80]) {
        const request = { kib: 34, headerHash: new Uint8Array(32).fill(fill), nonces };
        expect(answers(await run(gpu, request))).toEqual(answers(ethashReference(reducedGeometry(34), request)));
      }
    });

    test(`${variant}: the published small case, on every tuning`, async (context) => {
      const gpu = await cardWith(context, requires);
      const { kib, headerHash, nonce } = smallCase;
      const input = { kib, headerHash, nonces: BigUint64Array.of(nonce) };
      const tunings = Object.entries(tuning).flatMap(([name, values]) => values.map((value) => ({ [name]: value })));
      for (const chosen of tunings) {
        const params = { kernel: 'ethash-reduced', variant, tuning: chosen, input };
        const answer = await gpu.worker.call('compute', params, 120_000).catch((error: Error) => error);
        if (answer instanceof Error) {
          // A tuning may need more than the adapter has; nothing else may go wrong.
          expect(answer.message).toMatch(/this adapter's max/);
          continue;
        }
        const got = answer.output as { mixHashes: Uint8Array[]; finalHashes: Uint8Array[] };
        expect(answers(got), JSON.stringify(chosen)).toEqual([`${hex(smallCase.mixHash)} ${hex(smallCase.finalHash)}`]);
      }
    });
  }
});

describe('a DAG in several bindings', () => {
  const script = fileURLToPath(new URL('../fixtures/ethash/worker.mjs', import.meta.url));
  async function splitter(context: Context): Promise<ContestantProcess> {
    if (!splitters[0]) {
      const { device, env } = await card(context);
      const worker = new ContestantProcess('split', script, [], env);
      splitters.push(worker);
      await worker.call('open', { deviceName: null, software: device.software, mode: 'safe' }, 60_000);
    }
    return splitters[0] as ContestantProcess;
  }
  for (const pieces of [1, 2, 4, 6, 8, 12])
    test(`${pieces} of them`, async (context) => {
      const gpu = await card(context);
      const most = gpu.limits.maxStorageBuffersPerShaderStage;
      if (pieces + 2 > most) context.skip(`${gpu.device.name} binds ${most} storage buffers`);
      const worker = await splitter(context);
      const kib = 1030;
      const bytes = Math.ceil((8 * kib) / pieces) * 128 + 256;
      const input = { kib, headerHash: randomBytes(32, pieces), nonces: randomNonces(70) };
      const want = answers(ethashReference(reducedGeometry(kib), input));
      for (const { id: variant, requires = [] } of ethashReduced.variants) {
        if (variant === 'light' || requires.some((f) => !gpu.device.features.includes(f))) continue;
        // The others read through the same function, many times over, and take a software adapter long to compile.
        if (pieces > 2 && variant !== 'cooperative') continue;
        const params = { kernel: `split-${bytes}`, variant, tuning: {}, input };
        const { output } = await worker.call('compute', params, 120_000);
        expect(answers(output as never), variant).toEqual(want);
      }
    });
});

describe('items of the dataset and the light cache', () => {
  for (const kernel of [ethashDag, ethashCache])
    test(`${kernel.id} like the CPU, at several sizes, and as published`, async (context) => {
      const gpu = await card(context);
      const run = (input: object) => gpu.run(kernel.id as 'ethash', input as never) as Promise<never>;
      for (const shape of [...kernel.probes, kernel.pilot]) {
        const input = kernel.input(shape, 5) as never;
        expect(kernel.oracle(shape, input, 5).check(await run(input))).toMatchObject({ correct: true });
      }
      for (const { name, input, oracle } of kernel.knownAnswers ?? [])
        expect(oracle.check(await run(input)), name).toMatchObject({ correct: true });
    });
  test('a cache that takes more than one dispatch', async (context) => {
    const gpu = await card(context);
    const input = { rows: 4099, seed: seedHash(3) };
    const got = (await gpu.run('ethash-cache' as 'ethash', input as never)) as unknown as { cache: Uint8Array };
    expect(ethashCache.oracle({ rows: 4099 }, input, 1).check(got)).toMatchObject({ correct: true });
  });
});

describe('card.run', () => {
  const headerHash = randomBytes(32, 9);

  test('no nonces give no hashes', async (context) => {
    const request = { blockNumber: 0, headerHash, nonces: new BigUint64Array(0) };
    expect(await (await card(context)).run('ethash', request)).toEqual({ mixHashes: [], finalHashes: [] });
  });

  test('more nonces than one execution takes come back in order, none left out', async (context) => {
    const gpu = await card(context);
    const count = 2 ** 14 + 5;
    const nonces = BigUint64Array.from({ length: count }, (_, i) => BigInt(i));
    const request = { variant: 'naive', blockNumber: 0, small: true, headerHash, nonces };
    const got = answers(await gpu.run('ethash', request));
    expect(got).toHaveLength(count);
    expect(new Set(got).size).toBe(count);
    const places = [0, 1, 2 ** 14 - 1, 2 ** 14, count - 1];
    const some = { headerHash, nonces: BigUint64Array.from(places, BigInt) };
    expect(places.map((at) => got[at])).toEqual(answers(ethashReference(reducedGeometry(32), some)));
  });

  test.for([
    ['headerHash', { headerHash: new Uint8Array(33) }, /headerHash must be 32 bytes, got 33/],
    ['nonces', { nonces: [1n] }, /nonces must be a BigUint64Array/],
    ['blockNumber', { blockNumber: 2 ** 40 }, /blockNumber must be a whole number from 0 to 61439999/],
    ['variant', { variant: 'naif' }, /unknown variant of ethash "naif"/],
  ] as const)('a wrong %s is refused by name', async ([, wrong, message], context) => {
    const request = { blockNumber: 0, headerHash, nonces: BigUint64Array.of(1n), ...wrong };
    const running = (await card(context)).run('ethash', request as never);
    await expect(running).rejects.toThrow(message);
    await expect(running).rejects.toBeInstanceOf(InputError);
  });

  test('real blocks of the vectors folder, without any DAG', async (context) => {
    const folder = process.env.ASSAY_VECTORS;
    const file = folder ? join(folder, 'ethash-vectors.json') : null;
    if (!file || !existsSync(file)) return context.skip('ASSAY_VECTORS names no folder with ethash-vectors.json');
    const gpu = await card(context);
    const { cases } = JSON.parse(readFileSync(file, 'utf8')) as {
      cases: { block: number; headerHash: string; nonce: string; mixHash: string; finalHash: string }[];
    };
    for (const { block, nonce, ...want } of cases) {
      const request = {
        blockNumber: block,
        headerHash: Uint8Array.from(Buffer.from(want.headerHash, 'hex')),
        nonces: BigUint64Array.of(BigInt(`0x${nonce}`)),
      };
      expect(answers(await gpu.run('ethash', request)), `block ${block}`).toEqual([
        `${want.mixHash} ${want.finalHash}`,
      ]);
      // A search finds the nonce where its hash is the boundary, and not one below.
      const { nonces, ...rest } = request;
      const found = async (target: bigint) =>
        (await gpu.run('ethash-search', { ...rest, firstNonce: nonces[0] as bigint, count: 1, target })).nonces;
      const boundary = BigInt(`0x${want.finalHash}`);
      expect(await found(boundary), `block ${block}`).toEqual(nonces);
      expect(await found(boundary - 1n), `block ${block}`).toHaveLength(0);
    }
  });

  test('the default variant is one that any adapter can run', () => {
    expect(ethash.variants.find((v) => v.id === ethash.defaultVariant)?.requires ?? []).toEqual([]);
  });
});

function randomNonces(count: number): BigUint64Array {
  const bytes = randomBytes(8 * count, count);
  return new BigUint64Array(bytes.slice().buffer);
}
