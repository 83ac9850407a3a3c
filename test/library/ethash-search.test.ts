import { afterAll, describe, expect, type TestContext, test } from 'vitest';
import type { Card } from '../../harness/card.js';
import { InputError } from '../../kernels/errors.js';
import { reducedGeometry } from '../../kernels/ethash/geometry.js';
import { firstBlock, smallCase } from '../../kernels/ethash/published.js';
import { ethashSearch, ethashSearchReduced } from '../../kernels/ethash-search/kernel.js';
import { finalNumber, nonceAt, type SearchInput } from '../../kernels/ethash-search/searching.js';
import { randomBytes } from '../../kernels/random.js';
import { cardOrSkip } from '../harness/adapter.js';
import { EVERY_NONCE, targetsAround } from './targets.js';

let opened: Promise<Card> | null = null;
const card = (context: TestContext) => {
  opened ??= cardOrSkip(context);
  return opened;
};
afterAll(async () => (await opened)?.close());

const number = (bytes: Uint8Array) => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
const KIB = 34;
type Range = Omit<SearchInput, 'target'>;
const all = (range: Range) => Array.from({ length: range.count }, (_, i) => nonceAt({ ...range, target: 0n }, i));

/** Ranges at which a carry can be lost or made, with the CPU's hash of every nonce. */
const hashed = [
  { firstNonce: 0n, count: 1 },
  { firstNonce: 2n ** 32n - 31n, count: 67 },
  { firstNonce: 2n ** 64n - 32n, count: 65 },
  { firstNonce: 0x89abcdef_00000000n - 1n, count: 3 },
  { firstNonce: 0x89abcdef_fffffff0n, count: 7 },
].map(({ firstNonce, count }) => {
  const range = { headerHash: randomBytes(32, count), firstNonce, count };
  const hashes = all(range).map((nonce) => ({
    nonce,
    hash: finalNumber(reducedGeometry(KIB), range.headerHash, nonce),
  }));
  return { range, hashes };
});

describe.each(ethashSearchReduced.variants.map(({ id, requires }) => ({ id, requires: requires ?? [] })))(
  'ethash-search-reduced/$id',
  ({ id: variant, requires }) => {
    /** Searches on the card, or skips the test with the reason. */
    const searcher = async (context: TestContext) => {
      const gpu = await card(context);
      const missing = requires.filter((feature) => !gpu.device.features.includes(feature));
      if (missing.length > 0) context.skip(`${gpu.device.name} lacks ${missing.join(', ')}`);
      // Reduced DAGs are not in the list of what callers compute, but the card knows them.
      return async (input: SearchInput, kib = KIB) => {
        const request = { variant, kib, ...input } as never;
        return [...(await gpu.run('ethash-search-reduced' as 'ethash-search', request)).nonces];
      };
    };

    test('across the wraps at 2³² and 2⁶⁴, by every nonce’s own hash as the boundary, like the CPU', async (context) => {
      const search = await searcher(context);
      for (const { range, hashes } of hashed)
        for (const at of [0, 1, Math.floor(range.count / 3), range.count - 2, range.count - 1]) {
          const boundary = hashes[at]?.hash;
          if (boundary === undefined) continue;
          for (const target of [boundary, boundary - 1n]) {
            const want = hashes.filter(({ hash }) => hash <= target).map(({ nonce }) => nonce);
            expect(await search({ ...range, target }), `from ${range.firstNonce}, number ${at}`).toEqual(want);
          }
        }
    });

    test('the whole number is compared: ties in upper words are decided by lower ones', async (context) => {
      const search = await searcher(context);
      const { headerHash, nonce, finalHash, kib } = smallCase;
      for (const { target, wins } of targetsAround(number(finalHash))) {
        const found = await search({ headerHash, firstNonce: nonce, count: 1, target }, kib);
        expect(found, `target ${target.toString(16)}`).toEqual(wins ? [nonce] : []);
      }
    });

    test('a target that no nonce meets finds none, one that all meet finds all', async (context) => {
      const search = await searcher(context);
      for (const count of [1, 2, 63, 64, 65, 129, 1003]) {
        const range = { headerHash: randomBytes(32, 3), firstNonce: 2n ** 64n - 60n, count };
        for (const target of [0n, 1n << 200n]) expect(await search({ ...range, target })).toEqual([]);
        expect(await search({ ...range, target: EVERY_NONCE })).toEqual(all(range));
      }
    });

    // Without a DAG an execution takes fewer nonces than the list holds.
    if (variant !== 'light')
      test('more winners than the list holds: none is lost', async (context) => {
        const search = await searcher(context);
        const range = { headerHash: randomBytes(32, 7), firstNonce: 2n ** 64n - 16379n, count: 70_001 };
        const found = await search({ ...range, target: EVERY_NONCE }, 32);
        expect(found).toHaveLength(range.count);
        expect(found.findIndex((nonce, at) => nonce !== nonceAt({ ...range, target: 0n }, at))).toBe(-1);
      });
  },
);

describe('card.run', () => {
  const request = { blockNumber: 0, headerHash: randomBytes(32, 9), firstNonce: 0n, count: 1, target: 0n };

  test('a real block: the nonce of Ethereum’s block 1 meets its difficulty, and not twice that', async (context) => {
    const gpu = await card(context);
    const { blockNumber, headerHash, nonce, finalHash, difficulty } = firstBlock;
    const search = async (target: bigint, firstNonce: bigint, count: number) => [
      ...(await gpu.run('ethash-search', { blockNumber, headerHash, firstNonce, count, target })).nonces,
    ];
    const boundary = (1n << 256n) / difficulty;
    expect(await search(boundary, nonce - 11n, 33)).toEqual([nonce]);
    expect(await search(boundary, nonce, 1)).toEqual([nonce]);
    expect(await search(number(finalHash), nonce, 1)).toEqual([nonce]);
    expect(await search(number(finalHash) - 1n, nonce, 1)).toEqual([]);
    expect(await search(boundary / 2n, nonce - 11n, 33)).toEqual([]);
    expect(await search(boundary, nonce + 1n, 33)).toEqual([]);
    expect(await search(boundary, nonce - 33n, 33)).toEqual([]);
  });

  test('with a DAG, of the size that an epoch’s block asks for', async (context) => {
    const gpu = await card(context);
    // The small stand-in of epoch 2 has 96 KiB; of Etchash's block 11,760,000, epoch 196, 6304 KiB.
    for (const [blockNumber, etchash, kib] of [
      [60_000, false, 96],
      [11_760_000, true, 6304],
      [11_760_000, false, 12576],
    ] as const) {
      const headerHash = randomBytes(32, kib);
      const hash = finalNumber(reducedGeometry(kib), headerHash, 5n);
      const input = { variant: 'naive', blockNumber, etchash, small: true, headerHash, firstNonce: 5n, count: 1 };
      expect((await gpu.run('ethash-search', { ...input, target: hash })).nonces).toEqual(BigUint64Array.of(5n));
      expect((await gpu.run('ethash-search', { ...input, target: hash - 1n })).nonces).toHaveLength(0);
    }
  });

  test.for([
    ['headerHash', { headerHash: new Uint8Array(33) }, /ethash-search: headerHash must be 32 bytes, got 33/],
    ['firstNonce', { firstNonce: 7 }, /ethash-search: firstNonce must be a bigint from 0 to 2\^64 − 1, got 7/],
    ['variant', { variant: 'cuda' }, /unknown variant of ethash-search "cuda"/],
  ] as const)('a wrong %s is refused by name', async ([, wrong, message], context) => {
    const running = (await card(context)).run('ethash-search', { ...request, ...wrong } as never);
    await expect(running).rejects.toThrow(message);
    await expect(running).rejects.toBeInstanceOf(InputError);
  });

  test('the default variant is one that any adapter can run', () => {
    expect(ethashSearch.variants.find((v) => v.id === ethashSearch.defaultVariant)?.requires ?? []).toEqual([]);
  });
});
