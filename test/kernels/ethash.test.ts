import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Limits, Shape } from '../../kernels/declaration.js';
import { ShapeError } from '../../kernels/errors.js';
import { planDag } from '../../kernels/ethash/dag.js';
import { cacheBytes, datasetBytes, epochOfBlock, seedHash } from '../../kernels/ethash/epochs.js';
import { epochGeometry, reducedGeometry } from '../../kernels/ethash/geometry.js';
import { keccak256, keccak512, sponge } from '../../kernels/ethash/keccak.js';
import { ethash, ethashReduced } from '../../kernels/ethash/kernel.js';
import { lightCache, makeLightCache } from '../../kernels/ethash/light-cache.js';
import { hashOperations, itemOperations, keccakOperations } from '../../kernels/ethash/operations.js';
import { smallCache, smallCase } from '../../kernels/ethash/published.js';
import { fullPages, hashimoto, lightPages, makeDataset } from '../../kernels/ethash/reference.js';
import { multiplyHigh, reciprocalOf, remainderBy } from '../../kernels/ethash/remainder.js';
import { randomBytes, randomWords } from '../../kernels/random.js';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const row = (cache: Uint32Array, at: number) => hex(new Uint8Array(cache.slice(16 * at, 16 * at + 16).buffer));

describe('Keccak', () => {
  test('with the padding of SHA-3 it is OpenSSL’s, at every length around the rate', () => {
    for (const [bytes, name, rate] of [
      [32, 'sha3-256', 136],
      [64, 'sha3-512', 72],
    ] as const)
      for (const length of [0, 1, rate - 1, rate, rate + 1, 2 * rate - 1, 2 * rate, 1000]) {
        const message = randomBytes(length, length + 1);
        expect(hex(sponge(message, bytes, 0x06)), `${name}, ${length}`).toBe(
          createHash(name).update(message).digest('hex'),
        );
      }
  });
  // Keccak team, known answer tests of the submission, ShortMsgKAT_256 and _512, Len = 0.
  test('with its own padding it has the submission’s answers for the empty message', () => {
    expect(hex(keccak256(new Uint8Array(0)))).toBe('c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470');
    expect(hex(keccak512(new Uint8Array(0)))).toBe(
      '0eab42de4c3ceb9235fc91acffe746b29c29a8c366b7c60e4e67c466f36a4304c00fa9caf9d87976ba469bcbe06713b435f091ef2769fb160cdab33d3670680e',
    );
  });
});

describe('epochs', () => {
  // Ethash specification, appendix: the tables of sizes.
  test.each([
    [0, 16776896, 1073739904],
    [1, 16907456, 1082130304],
    [2, 17039296, 1090514816],
    [2047, 285081536, 18245220736],
  ])('epoch %i has a cache of %i bytes and a dataset of %i', (epoch, cache, dataset) => {
    expect([cacheBytes(epoch), datasetBytes(epoch)]).toEqual([cache, dataset]);
  });
  test('the seed of epoch 1 is Keccak-256 of 32 zero bytes', () => {
    expect(hex(seedHash(0))).toBe('00'.repeat(32));
    expect(hex(seedHash(1))).toBe('290decd9548b62a8d60345a988386fc84ba6bc95484008f6362f93160ef3e563');
  });
  test.each([
    [0, false, 0, 0],
    [29_999, false, 0, 0],
    [30_000, false, 1, 1],
    [11_700_000, false, 390, 390],
    [61_439_999, false, 2047, 2047],
    // ECIP-1099: both networks' epochs until the change; then half the number, with the seed that it had before.
    [11_699_999, true, 389, 389],
    [11_700_000, true, 195, 390],
    [11_759_999, true, 195, 390],
    [11_760_000, true, 196, 392],
  ])('block %i (Etchash: %s) is of epoch %i, its seed hashed %i times', (block, etchash, epoch, seedHashes) => {
    expect(epochOfBlock(block, etchash)).toEqual({ epoch, seedHashes });
  });
  test('beyond the last epoch is refused', () => {
    expect(() => epochOfBlock(61_440_000)).toThrow(/blockNumber must be below 61440000 \(epoch 2048\), got 61440000/);
    expect(epochOfBlock(61_440_000, true).epoch).toBe(1024);
    expect(() => epochOfBlock(122_880_000, true)).toThrow(/below 122880000/);
  });
});

describe('the light cache and the dataset', () => {
  test.each(smallCache.caches)('the published small cache of epoch $epoch', ({ epoch, firstRow, lastRow }) => {
    const cache = makeLightCache(1024, seedHash(epoch));
    expect([row(cache, 0), row(cache, 15)]).toEqual([hex(firstRow), hex(lastRow)]);
  });
  test('the published small dataset', () => {
    const dataset = makeDataset(makeLightCache(1024, seedHash(0)), 32 * 1024);
    expect([row(dataset, 0), row(dataset, 511)]).toEqual([hex(smallCache.firstItem), hex(smallCache.lastItem)]);
  });
  test('a cache is remembered: the very same object, until others need the room', () => {
    const first = lightCache(2048, 0);
    expect(lightCache(2048, 0)).toBe(first);
    expect(lightCache(2048, 1)).not.toBe(first);
    expect(lightCache(4096, 0)).not.toBe(first);
    expect(lightCache(2048, 0)).toBe(first);
  });
  test('the published small hash, light and full', () => {
    const cache = makeLightCache(1024, seedHash(0));
    const want = { mixHash: smallCase.mixHash, finalHash: smallCase.finalHash };
    for (const pages of [lightPages(cache), fullPages(makeDataset(cache, 32 * 1024))])
      expect(hashimoto(smallCase.headerHash, smallCase.nonce, 32 * 1024, pages)).toEqual(want);
  });
});

interface Vector {
  block: number;
  headerHash: string;
  nonce: string;
  mixHash: string;
  finalHash: string;
}
const folder = process.env.ASSAY_VECTORS;
const vectors = folder ? join(folder, 'ethash-vectors.json') : null;

describe('real epochs', () => {
  test('answers of the vectors folder', (context) => {
    if (!vectors || !existsSync(vectors)) return context.skip('ASSAY_VECTORS names no folder with ethash-vectors.json');
    const { cases } = JSON.parse(readFileSync(vectors, 'utf8')) as { cases: Vector[] };
    expect(cases.length).toBeGreaterThan(0);
    for (const { block, headerHash, nonce, mixHash, finalHash } of cases) {
      const { epoch, seedHashes } = epochOfBlock(block);
      const pages = lightPages(lightCache(cacheBytes(epoch), seedHashes));
      const got = hashimoto(Buffer.from(headerHash, 'hex'), BigInt(`0x${nonce}`), datasetBytes(epoch), pages);
      expect([hex(got.mixHash), hex(got.finalHash)], `block ${block}`).toEqual([mixHash, finalHash]);
    }
  });
});

describe('a remainder without a division', () => {
  const next = randomWords(7);
  const edges = [0, 1, 2, 3, 0xffff, 0x10000, 0x10001, 0x7fffffff, 0x80000000, 0x80000001, 0xfffffffe, 0xffffffff];
  const divisors = [2, 3, 5, 256, 257, 0xffff, 0x10000, 0x10001, 262139, 8388593, 2 ** 31 - 1, 2 ** 31];
  test('is right for edges and random numbers', () => {
    for (let i = 0; i < 3000; i++) {
      const divisor = divisors[i] ?? Math.max(2, Math.floor(next() / 2 ** (1 + (next() % 30))));
      const reciprocal = reciprocalOf(divisor);
      const multiples = [1, 2, Math.floor((2 ** 32 - 1) / divisor)].flatMap((k) => [k * divisor - 1, k * divisor]);
      for (const n of [...edges, ...multiples, next(), next(), next()])
        if (n < 2 ** 32) expect(remainderBy(n, divisor, reciprocal), `${n} % ${divisor}`).toBe(n % divisor);
    }
  });
  test('the upper half of a product is right', () => {
    for (let i = 0; i < 2000; i++) {
      const [a, b] = [edges[i % 12] ?? 0, i < 144 ? (edges[Math.floor(i / 12)] ?? 0) : next()];
      for (const [x, y] of [[a, b] as const, [next(), next()] as const])
        expect(multiplyHigh(x, y), `${x} · ${y}`).toBe(Number((BigInt(x) * BigInt(y)) >> 32n));
    }
  });
  test.each([0, 1, 2 ** 31 + 1, 2.5])('a divisor of %s is refused', (divisor) => {
    expect(() => reciprocalOf(divisor)).toThrow(/from 2 to 2\^31/);
  });
});

describe('operations that a hash cannot do without', () => {
  test('one permutation of unknown words, all of them wanted, has the closed form', () => {
    // θ 2·10 + 2·25, χ 2·25, ι one for each word of a constant that is not zero; rotations 2·5 + 2·24.
    const { 'int-logic': logic, 'int-rotate': rotate } = keccakOperations(200, 200, 200);
    const constants = [24, 13];
    expect(rotate).toBe(24 * 58);
    expect(logic - 24 * 120).toBeLessThanOrEqual(48);
    expect(logic - 24 * 120).toBe((constants[0] as number) + (constants[1] as number));
  });
  test('known zeros and unwanted words cost less, but not much', () => {
    const all = keccakOperations(200, 200, 200);
    for (const [absorbed, rate, squeezed] of [
      [40, 72, 64],
      [64, 72, 64],
      [96, 136, 32],
    ] as const) {
      const some = keccakOperations(absorbed, rate, squeezed);
      for (const kind of ['int-logic', 'int-rotate'] as const) {
        expect(some[kind]).toBeLessThan(all[kind]);
        expect(some[kind]).toBeGreaterThan(0.9 * all[kind]);
      }
    }
  });
  test('multiplications are those of FNV and of the remainders', () => {
    expect(hashOperations()['int-mul']).toBe(64 * 33 + 24 + 2 * 64);
    expect(itemOperations()['int-mul']).toBe(256 * 17 + 2 * 257);
    expect(hashOperations()['int-add']).toBe(64);
  });
});

const limits = {
  maxBufferSize: 2 ** 31,
  maxStorageBufferBindingSize: 2 ** 31 - 4,
  maxStorageBuffersPerShaderStage: 10,
  maxComputeWorkgroupsPerDimension: 65535,
} as Limits;

describe('the DAG in several bindings', () => {
  const pages = (bytes: number) => bytes / 128;
  test.each([
    [epochGeometry(0, false), {}, 1],
    [epochGeometry(430, true), {}, 4],
    [epochGeometry(430, true), { maxStorageBufferBindingSize: 2 ** 30, maxStorageBuffersPerShaderStage: 8 }, 6],
    [epochGeometry(0, false), { maxStorageBufferBindingSize: 2 ** 27, maxStorageBuffersPerShaderStage: 16 }, 12],
    [reducedGeometry(1030), { maxStorageBufferBindingSize: 2 ** 18 }, 6],
  ])('%#: every item is made once and lies where a search looks for it', (geometry, narrow, pieces) => {
    const plan = planDag(geometry, { ...limits, ...narrow });
    expect(plan.pieces).toHaveLength(pieces);
    expect(plan.module).toBe(`ethash/dag-${pieces}.wgsl`);
    const sizes = plan.buffers.filter((b) => b.name.startsWith('dag')).map((b) => b.byteLength);
    expect(sizes.reduce((sum, n) => sum + n, 0)).toBe(geometry.datasetBytes);
    expect(sizes.slice(0, -1).every((n) => pages(n) === plan.piecePages)).toBe(true);
    let nextItem = 0;
    for (const { bindings, workgroups } of plan.setup) {
      const [, slice, piece] = bindings as [string, string, string];
      const contents = plan.buffers.find((b) => b.name === slice)?.contents as Uint32Array;
      const [firstItem, at, items] = contents as unknown as [number, number, number];
      expect(firstItem).toBe(nextItem);
      expect(at).toBe(firstItem - 2 * plan.piecePages * Number(piece.slice(3)));
      expect(workgroups[0] * workgroups[1] * 64).toBeGreaterThanOrEqual(items);
      expect(items).toBeLessThanOrEqual(2 ** 20);
      nextItem += items;
    }
    expect(nextItem * 64).toBe(geometry.datasetBytes);
  });
  test('too few bindings are refused with the limits named', () => {
    const narrow = { ...limits, maxStorageBufferBindingSize: 2 ** 27 };
    const plan = () => planDag(epochGeometry(430, true), narrow);
    expect(plan).toThrow(ShapeError);
    expect(plan).toThrow(
      /the DAG of epoch 430, 4680842624 bytes, needs 35 bindings .* maxStorageBufferBindingSize is 134217728 and its maxStorageBuffersPerShaderStage 10/,
    );
  });
  test('the owner of a card that cannot hold it is told what it would have been for', () => {
    const shape: Shape = { epoch: 430, etchash: 1, small: 0, nonces: 1 };
    expect(ethash.memoryNote?.(shape)).toMatch(/epoch 430 takes 4\.36 GiB.*December 2020/);
  });
});

describe('the oracle', () => {
  const shape = { kib: 32, nonces: 300 };
  const input = ethashReduced.input(shape, 3);
  const right = ethashReduced.reference(shape, input);
  const oracle = ethashReduced.oracle(shape, input, 3);
  const changed = (change: (out: { mixHashes: Uint8Array[]; finalHashes: Uint8Array[] }) => void) => {
    const out = { mixHashes: [...right.mixHashes], finalHashes: [...right.finalHashes] };
    change(out);
    return oracle.check(out);
  };
  test('accepts what is right', () => {
    expect(oracle.check(right)).toEqual({ correct: true, maxError: 0 });
  });
  test('refuses the first or last hash changed, one copied, one missing, mix and final swapped', () => {
    expect(changed((o) => o.finalHashes.splice(0, 1, new Uint8Array(32))).detail).toContain('final hash of nonce');
    expect(changed((o) => o.mixHashes.splice(299, 1, new Uint8Array(32))).detail).toContain('number 299');
    expect(changed((o) => o.finalHashes.pop()).detail).toContain('expected 300');
    expect(oracle.check({ mixHashes: right.finalHashes, finalHashes: right.mixHashes }).correct).toBe(false);
    for (const at of [1, 77, 150, 298])
      expect(changed((o) => o.finalHashes.splice(at, 1, o.finalHashes[at - 1] as Uint8Array)).correct).toBe(false);
  });
  test('checks every hash of a short list', () => {
    const short = { kib: 32, nonces: 100 };
    const few = ethashReduced.input(short, 4);
    const answers = ethashReduced.reference(short, few);
    const judge = ethashReduced.oracle(short, few, 4);
    for (let at = 0; at < 100; at++) {
      const mixHashes = answers.mixHashes.map((h, i) => (i === at ? new Uint8Array(32) : h));
      expect(judge.check({ ...answers, mixHashes }).correct).toBe(false);
    }
  });
  test('inputs cross the wrap at 2⁶⁴', () => {
    expect([...ethashReduced.input({ kib: 32, nonces: 1 }, 1).nonces]).toEqual([2n ** 64n - 1n]);
    expect([...ethashReduced.input({ kib: 32, nonces: 4 }, 1).nonces]).toEqual([
      2n ** 64n - 2n,
      2n ** 64n - 1n,
      0n,
      1n,
    ]);
  });
});

describe('bad input names the argument', () => {
  const good = { blockNumber: 0, headerHash: new Uint8Array(32), nonces: BigUint64Array.of(1n) };
  test.each([
    [{ ...good, headerHash: new Uint8Array(31) }, /headerHash must be 32 bytes, got 31/],
    [{ ...good, headerHash: 'ab' }, /headerHash must be a Uint8Array of 32 bytes, got "ab"/],
    [{ ...good, blockNumber: -1 }, /blockNumber must be a whole number from 0 to 61439999, got -1/],
    [{ ...good, blockNumber: 1.5 }, /blockNumber/],
    [{ ...good, blockNumber: 1n }, /blockNumber .*got 1n/],
    [{ ...good, blockNumber: 61_440_000 }, /from 0 to 61439999, got 61440000/],
    [{ ...good, blockNumber: 122_880_000, etchash: true }, /from 0 to 122879999/],
    [{ ...good, nonces: [1n] }, /nonces must be a BigUint64Array, got Array/],
    [{ ...good, nonces: new BigInt64Array(1) }, /nonces must be a BigUint64Array, got BigInt64Array/],
    [{ ...good, nonces: new BigUint64Array(2 ** 22 + 1) }, /at most 4194304/],
    [{ ...good, etchash: 1 }, /etchash must be true or false, got 1/],
    [{ ...good, nonce: 1n }, /unknown argument "nonce"/],
    [null, /expected an object/],
  ])('%#', (input, message) => {
    expect(() => ethash.shapeOf(input)).toThrow(message);
  });
  test('shapes', () => {
    expect(() => ethash.checkShape?.({ epoch: 194, etchash: 1, small: 0, nonces: 1 })).toThrow(/begins with epoch 195/);
    expect(() => ethashReduced.checkShape?.({ kib: 33, nonces: 1 })).toThrow(/kib must be even, got 33/);
  });
  test('benchmark inputs have the shape that they were made for', () => {
    for (const kernel of [ethash, ethashReduced])
      for (const shape of [...kernel.probes, kernel.pilot, ...kernel.workloads])
        expect(kernel.shapeOf(kernel.input(shape, 1) as never).shape).toEqual(shape);
  });
});
