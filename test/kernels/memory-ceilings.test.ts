import { describe, expect, test } from 'vitest';
import type { Limits } from '../../kernels/declaration.js';
import { InputError, ShapeError } from '../../kernels/errors.js';
import { pageRead } from '../../kernels/page-read/kernel.js';
import { follow, link, PAGE_BYTES, STEPS, shiftOf } from '../../kernels/page-read/reference.js';
import { randomBytes } from '../../kernels/random.js';
import { read } from '../../kernels/read/kernel.js';

const limits = { maxComputeInvocationsPerWorkgroup: 256, maxComputeWorkgroupsPerDimension: 65535 } as Limits;

describe('read', () => {
  const data = randomBytes(4096, 3);
  const shape = { bytes: 4096 };

  test('joins the words as they lie in memory', () => {
    expect(read.reference(shape, { data: Uint8Array.of(1, 2, 3, 4, 16, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0, 0) })).toEqual({
      joined: 0x84030211,
    });
  });

  test('a vector left out or read twice, and any changed bit, give another word', () => {
    const oracle = read.oracle(shape, { data }, 3);
    expect(oracle.check(read.reference(shape, { data }))).toEqual({ correct: true, maxError: 0 });
    for (let at = 0; at < 4096; at += 16) {
      const missing = data.slice();
      missing.fill(0, at, at + 16);
      expect(oracle.check(read.reference(shape, { data: missing })).correct).toBe(false);
      const bit = data.slice();
      bit[at] = (bit[at] as number) ^ 1;
      expect(oracle.check(read.reference(shape, { data: bit })).correct).toBe(false);
    }
  });

  test('the grid reads every vector, with every tuning, and writes less than a hundredth more than it reads', () => {
    for (const bytes of [16, 16 * 4097, 2 ** 25])
      for (const group of [64, 256])
        for (const each of [8, 16, 64]) {
          const plan = read.variants[0]?.plan({ bytes }, { group, each }, limits);
          const [x, y, z] = plan?.dispatches[0]?.workgroups ?? [0, 0, 0];
          expect(x * y * z * group * each * 16).toBeGreaterThanOrEqual(bytes);
          if (bytes === 2 ** 25 && each >= 16)
            expect(plan?.buffers.find((b) => b.name === 'joined')?.byteLength).toBeLessThanOrEqual(bytes / 64);
        }
  });

  test.each([
    [{ data: new Uint8Array(15) }, 'data must hold a multiple of 16 bytes'],
    [{ data: new Uint8Array(0) }, 'data must hold a multiple of 16 bytes'],
    [{ data: [1] }, 'data must be a Uint8Array'],
  ])('refuses by name: %j', (input, message) => {
    expect(() => read.shapeOf(input)).toThrow(message);
  });
});

describe('page-read', () => {
  const turn = (x: number, n: number) => ((x << n) | (x >>> (32 - n))) >>> 0;

  /** The chain as a kernel walks it: over a buffer in memory, slice by slice. */
  function walked(buffer: Uint32Array, seed: number, chain: number, shift: number): number {
    let state = link(seed + chain);
    const sums = new Uint32Array(8);
    for (let step = 0; step < STEPS; step++) {
      const page = state >>> shift;
      for (let slice = 0; slice < 8; slice++)
        for (let word = 0; word < 3; word++)
          sums[slice] = (sums[slice] as number) ^ (buffer[32 * page + 4 * slice + word] as number);
      state = (Math.imul(state ^ (buffer[32 * page + 3] as number), 0x9e3779b1) + 0x7f4a7c15) >>> 0;
    }
    return sums.reduce((end, sum, slice) => (end + Math.imul(sum ^ state, 2 * slice + 1)) >>> 0, 0);
  }

  test('a chain followed without the buffer ends like one that reads it', () => {
    const bytes = 2 ** 18;
    const buffer = new Uint32Array(bytes / 4);
    for (let page = 0; page < bytes / PAGE_BYTES; page++)
      for (let slice = 0; slice < 8; slice++) {
        const l = link(page);
        buffer.set(
          [turn(l, 4 * slice + 1), turn(l, 4 * slice + 2), turn(l, (4 * slice + 3) & 31), l],
          32 * page + 4 * slice,
        );
      }
    for (let chain = 0; chain < 50; chain++)
      expect(walked(buffer, 77, chain, shiftOf(bytes))).toBe(follow(77 + chain, shiftOf(bytes)));
    // A single wrong bit on the way is seen by the chains that pass it.
    buffer[32 * (link(77) >>> shiftOf(bytes)) + 9] = 0;
    expect(walked(buffer, 77, 0, shiftOf(bytes))).not.toBe(follow(77, shiftOf(bytes)));
  });

  test('the link is MurmurHash3’s finaliser, of the page’s number and an offset', () => {
    // Of 0 and 1 (Appleby, SMHasher): 0 and 0x514e28b7.
    expect(link(-0x9e3779b9)).toBe(0);
    expect(link(1 - 0x9e3779b9)).toBe(0x514e28b7);
  });

  test('chains spread over all pages and do not run together', () => {
    const bytes = 2 ** 26;
    const ends = new Set<number>();
    for (let chain = 0; chain < 2000; chain++) ends.add(follow(chain, shiftOf(bytes)));
    expect(ends.size).toBe(2000);
    const visited = new Set<number>();
    for (let state = link(5), i = 0; i < 5000; i++) {
      visited.add(state >>> shiftOf(bytes));
      state = (Math.imul(state ^ link(state >>> shiftOf(bytes)), 0x9e3779b1) + 0x7f4a7c15) >>> 0;
    }
    // 5000 draws of 524,288 pages: 4976 different ones are expected.
    expect(visited.size).toBeGreaterThan(4900);
  });

  const shape = { bytes: 2 ** 15, pages: 4 * STEPS };
  const input = { ...shape, seed: 9 };
  test('one wrong chain is refused and named; those of another seed or buffer are refused', () => {
    const oracle = pageRead.oracle(shape, input, 1);
    const { ends } = pageRead.reference(shape, input);
    expect(oracle.check({ ends })).toEqual({ correct: true, maxError: 0 });
    const wrong = ends.slice();
    wrong[2] = (wrong[2] as number) + 1;
    expect(oracle.check({ ends: wrong }).detail).toMatch(/^chain 2: expected/);
    expect(oracle.check(pageRead.reference(shape, { ...input, seed: 8 })).correct).toBe(false);
    expect(oracle.check(pageRead.reference(shape, { ...input, bytes: 2 ** 16 })).correct).toBe(false);
    expect(oracle.check({ ends: ends.slice(1) }).detail).toBe('ends must hold 4 words, got 3');
  });

  test.each([
    [{ ...input, bytes: 3 * 2 ** 14 }, ShapeError, 'bytes must be a power of two, got 49152'],
    [{ ...input, pages: 65 }, ShapeError, 'pages must be a multiple of 64, got 65'],
    [{ ...input, pages: 0 }, InputError, 'pages must be a whole number from 64'],
    [{ ...input, seed: -1 }, InputError, 'seed must be a whole number from 0'],
    [{ ...input, sed: 1 }, InputError, 'unknown argument "sed"'],
  ] as const)('refuses by name: %j', (given, kind, message) => {
    expect(() => pageRead.shapeOf(given)).toThrow(kind);
    expect(() => pageRead.shapeOf(given)).toThrow(message);
  });

  test('every lane of every chain has an invocation, with every flight', () => {
    const lanes = pageRead.variants.find((v) => v.id === 'lanes');
    for (const chains of [1, 67, 1001])
      for (const flight of [1, 2, 4]) {
        const plan = lanes?.plan({ bytes: 2 ** 15, pages: chains * STEPS }, { group: 64, flight }, limits);
        const { workgroups, constants } = plan?.dispatches[0] ?? {};
        expect((constants?.EIGHTS as number) * flight).toBeGreaterThanOrEqual(chains);
        expect((workgroups?.[0] ?? 0) * 64).toBeGreaterThanOrEqual(8 * (constants?.EIGHTS as number));
      }
  });
});
