import { afterAll, describe, expect, test } from 'vitest';
import { NoAdapterError, type OpenDevice, openDevice } from '../../harness/device.js';
import { allocateChunks } from '../../harness/memory-test/allocate.js';
import { DeviceMemory } from '../../harness/memory-test/device-memory.js';
import type { Op } from '../../harness/memory-test/memory.js';
import { selfCheck } from '../../harness/memory-test/self-check.js';
import { keyOf, mix, type Pattern, placeOf, unmix, wordOf } from '../../kernels/memory-test/reference.js';
import { randomWords } from '../../kernels/random.js';
import { testDevice } from '../harness/adapter.js';

const hash: Pattern = { kind: 'hash', key: 0xdeadbeef, inverted: false, extra: 0, moved: 0 };

describe('the mixing', () => {
  test('is MurmurHash3’s finaliser', () => {
    // Appleby, SMHasher: `fmix32` of 0 and 1. The hash of the empty input is the finaliser of the seed: published
    // values of MurmurHash3_x86_32('', seed) for seeds 1 and 0xffffffff.
    expect(mix(0)).toBe(0);
    expect(mix(1)).toBe(0x514e28b7);
    expect(mix(0xffffffff)).toBe(0x81f16f39);
  });

  test('can be undone, so that no two words are equal', () => {
    const next = randomWords(5);
    for (let i = 0; i < 20_000; i++) {
      const x = i < 1000 ? i : next();
      expect(unmix(mix(x))).toBe(x);
      expect(mix(unmix(x))).toBe(x);
    }
  });

  test('one bit of the index changes half of the word on average', () => {
    let changed = 0;
    for (let i = 0; i < 1000; i++)
      for (let bit = 0; bit < 26; bit++) for (let x = (mix(i) ^ mix(i ^ (1 << bit))) >>> 0; x; x &= x - 1) changed++;
    expect(changed / 26_000 / 16).toBeCloseTo(1, 1);
  });

  test('keys of seeds, passes and chunks are all different', () => {
    const keys = new Set<number>();
    for (let seed = 0; seed < 10; seed++)
      for (let pass = 0; pass < 20; pass++)
        for (let chunk = 0; chunk < 320; chunk++) keys.add(keyOf(seed, pass, chunk));
    // 64,000 words of 2³²: half a pair is equal by chance.
    expect(keys.size).toBeGreaterThan(63_990);
  });
});

test('a word tells its place, inverted and moved too', () => {
  for (const pattern of [hash, { ...hash, inverted: true }, { ...hash, moved: 4096 }])
    for (let index = 0; index < 5000; index += 7) expect(placeOf(pattern, wordOf(pattern, index))).toBe(index);
  expect(placeOf({ ...hash, kind: 'walking-bits' }, 1)).toBeNull();
});

test('walking bits and modulo 20 are what they are called', () => {
  const walking: Pattern = { ...hash, kind: 'walking-bits', extra: 30 };
  expect([0, 1, 2, 3].map((i) => wordOf(walking, i))).toEqual([0x40000000, 0x80000000, 1, 2]);
  expect(wordOf({ ...walking, inverted: true }, 0)).toBe(0xbfffffff);
  const modulo: Pattern = { ...hash, kind: 'modulo-20', extra: 3 };
  const ones = Array.from({ length: 60 }, (_, i) => i).filter((i) => wordOf(modulo, i) === hash.key);
  expect(ones).toEqual([3, 23, 43]);
  expect(wordOf(modulo, 4)).toBe(~hash.key >>> 0);
});

describe('WGSL and TypeScript make the same words', () => {
  const WORDS = 16_384;
  let opened: { card: OpenDevice; memory: DeviceMemory } | undefined;
  afterAll(() => {
    opened?.memory.release();
    opened?.card.gpu.destroy();
  });

  async function memoryOrSkip(skip: (why: string) => never) {
    if (opened) return opened.memory;
    try {
      const card = await openDevice({ deviceName: testDevice ?? null, software: null, mode: 'safe' });
      const { buffers } = await allocateChunks(card.gpu, {
        ...{ limitBytes: 8 * WORDS, chunkBytes: 4 * WORDS, leastBytes: 4 * WORDS, reserveBytes: 0 },
      });
      const memory = new DeviceMemory(card.gpu, buffers, {
        ...{ timestamps: card.timestamps, spinMs: 0.2, blockWords: WORDS / 4, each: 4 },
        // A grid of several rows.
        maxWorkgroups: 3,
      });
      opened = { card, memory };
      return memory;
    } catch (error) {
      if (error instanceof NoAdapterError) return skip(`no adapter in this environment: ${error.message}`);
      throw error;
    }
  }

  const all = Array.from({ length: WORDS }, (_, i) => i);
  const whole = { chunk: 1, start: 0, count: WORDS / 4 };
  const words = (pattern: Pattern) => all.map((index) => wordOf(pattern, index));

  test.for([
    ['hash', hash],
    ['hash inverted and moved', { ...hash, inverted: true, moved: 4 * 256 }],
    ['walking bits', { ...hash, kind: 'walking-bits', extra: 17 }],
    ['walking zeros', { ...hash, kind: 'walking-bits', extra: 0, inverted: true }],
  ] as const)('%s: filled, stepped, found right', async ([_, pattern], { skip }) => {
    const memory = await memoryOrSkip(skip);
    const after = { ...pattern, inverted: !pattern.inverted };
    await memory.run([{ ...whole, operation: 'fill', before: pattern }]);
    expect(await memory.peek(1, all)).toEqual(words(pattern));
    await memory.run([{ ...whole, operation: 'step', before: pattern, after }]);
    await memory.run([{ ...whole, operation: 'verify', before: after }]);
    expect(await memory.peek(1, all)).toEqual(words(after));
    expect((await memory.takeErrors()).count).toBe(0);
  });

  test('modulo 20, in pieces that no five vectors fit', async ({ skip }) => {
    const memory = await memoryOrSkip(skip);
    for (let extra = 0; extra < 20; extra++) {
      const before: Pattern = { ...hash, kind: 'modulo-20', extra };
      await memory.run([{ ...whole, operation: 'fill', before: hash }]);
      const pieces = (operation: Op['operation']) =>
        Array.from({ length: 16 }, (_, i) => ({ operation, chunk: 1, start: 256 * i, count: 256, before }));
      for (const op of pieces('every-20th')) await memory.run([op]);
      const half = await memory.peek(1, all);
      expect(half).toEqual(all.map((i) => (i % 20 === extra ? hash.key : wordOf(hash, i))));
      for (const op of pieces('all-but-20th')) await memory.run([op]);
      expect(await memory.peek(1, all)).toEqual(words(before));
    }
  });

  test('a swap leaves what the moved pattern says', async ({ skip }) => {
    const memory = await memoryOrSkip(skip);
    await memory.run([{ ...whole, operation: 'fill', before: hash }]);
    for (const mask of [WORDS / 8, 64])
      await memory.run([{ ...whole, count: WORDS / 8, operation: 'swap', before: hash, mask }]);
    expect(await memory.peek(1, all)).toEqual(words({ ...hash, moved: 4 * (WORDS / 8 + 64) }));
  });

  test('errors: each is listed, counted in its block and left for the second read', async ({ skip }) => {
    const memory = await memoryOrSkip(skip);
    const after = { ...hash, inverted: true };
    await memory.run([{ ...whole, operation: 'fill', before: hash }]);
    await memory.poke(1, [
      { word: 5, and: 0, or: 42, xor: 0 },
      { word: 6, and: 0xffffffff, or: 0, xor: 1 },
      { word: WORDS - 1, and: 0, or: 7, xor: 0 },
    ]);
    await memory.run([{ ...whole, operation: 'step', before: hash, after }]);
    const { count, records, blocks } = await memory.takeErrors();
    expect(count).toBe(3);
    expect([...records].sort((a, b) => a.word - b.word)).toEqual([
      { chunk: 1, word: 5, expected: wordOf(hash, 5), got: 42 },
      { chunk: 1, word: 6, expected: wordOf(hash, 6), got: (wordOf(hash, 6) ^ 1) >>> 0 },
      { chunk: 1, word: WORDS - 1, expected: wordOf(hash, WORDS - 1), got: 7 },
    ]);
    expect([...blocks]).toEqual([0, 0, 0, 0, 2, 0, 0, 1]);
    expect(await memory.peek(1, [4, 5, 8])).toEqual([wordOf(hash, 4), 42, wordOf(after, 8)]);
    expect((await memory.takeErrors()).count).toBe(0);
  });

  test('every comparison sees what is planted in each component of a vector', async ({ skip }) => {
    await selfCheck(await memoryOrSkip(skip));
  });

  test('where everything is wrong, all is counted and the list is full', async ({ skip }) => {
    const memory = await memoryOrSkip(skip);
    await memory.run([{ ...whole, operation: 'fill', before: hash }]);
    await memory.run([{ ...whole, operation: 'verify', before: { ...hash, inverted: true } }]);
    const { count, records, blocks } = await memory.takeErrors();
    expect([count, records.length]).toEqual([WORDS, 4096]);
    expect(blocks.reduce((sum, wrong) => sum + wrong, 0)).toBe(WORDS);
    expect(new Set(records.map(({ word }) => word)).size).toBe(4096);
  });
});
