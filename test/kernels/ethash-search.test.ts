import { describe, expect, test } from 'vitest';
import { reducedGeometry } from '../../kernels/ethash/geometry.js';
import { ethashSearch, ethashSearchReduced } from '../../kernels/ethash-search/kernel.js';
import { finalNumber, judgedSearch, nonceAt, type SearchInput } from '../../kernels/ethash-search/searching.js';
import { CAPACITY, HitsOverflow, searchInParts } from '../../kernels/hits.js';
import { randomWords } from '../../kernels/random.js';

describe('a range in parts', () => {
  /** A device whose list holds CAPACITY winners, and what it was asked for. */
  function device(wins: (offset: number) => boolean) {
    const sizes: number[] = [];
    const search = async (offset: number, length: number, size: number) => {
      sizes.push(size);
      const found = Array.from({ length }, (_, i) => i).filter((i) => wins(offset + i));
      if (found.length > CAPACITY) throw new HitsOverflow(found.length);
      return Uint32Array.from(found.reverse());
    };
    return { search, sizes };
  }
  const offsets = (count: number, wins: (offset: number) => boolean) =>
    Uint32Array.from(Array.from({ length: count }, (_, i) => i).filter(wins));

  test.each([
    [1, 10],
    [10, 10],
    [11, 10],
    [29, 10],
    [30, 10],
  ])('%i nonces by %i: every winner once, ascending, parts of one size', async (count, most) => {
    const wins = (offset: number) => offset % 3 !== 1;
    const { search, sizes } = device(wins);
    expect(await searchInParts(count, most, search)).toEqual(offsets(count, wins));
    expect(sizes).toEqual(Array(Math.ceil(count / most)).fill(Math.min(count, most)));
  });
  test('a list that overflows is searched again in smaller parts, and so is all after it', async () => {
    const everyOther = (offset: number) => offset % 2 === 0;
    for (const wins of [() => true, everyOther]) {
      const { search, sizes } = device(wins);
      const count = 5 * CAPACITY + 7;
      const found = await searchInParts(count, 4 * CAPACITY, search);
      expect(Buffer.from(found.buffer).equals(Buffer.from(offsets(count, wins).buffer))).toBe(true);
      expect(sizes).toEqual([4 * CAPACITY, ...Array(6).fill(CAPACITY)]);
    }
  });
  test('what overflows though it cannot is an error, not an endless loop; so is any other', async () => {
    const broken = async () => Promise.reject(new HitsOverflow(CAPACITY + 1));
    await expect(searchInParts(10 * CAPACITY, 4 * CAPACITY, broken)).rejects.toThrow('65537 nonces meet the target');
    const lost = async () => Promise.reject(new Error('device lost'));
    await expect(searchInParts(10, 5, lost)).rejects.toThrow('device lost');
  });
  test('more winners than the list holds are counted and refused, not cut off', () => {
    const readback = {
      hitCount: new Uint8Array(Uint32Array.of(CAPACITY + 1).buffer),
      hits: new Uint8Array(CAPACITY * 8),
    };
    for (const variant of ethashSearch.variants)
      expect(() => variant.decode({ nonces: 1e6 }, {}, readback)).toThrow(`${CAPACITY + 1} nonces meet the target`);
  });
});

describe('a caller’s search', () => {
  const input = { blockNumber: 0, headerHash: new Uint8Array(32), firstNonce: 2n ** 64n - 3n, target: 5n };
  /** With a device on which everything wins, in any order. */
  async function run(count: number, variant: string) {
    const counts: number[] = [];
    const execute = async (part: SearchInput) => {
      counts.push(part.count);
      const found = Array.from({ length: part.count }, (_, i) => nonceAt(part, i));
      if (found.length > CAPACITY) throw new HitsOverflow(found.length);
      return { nonces: BigUint64Array.from(found.reverse()) };
    };
    const output = await ethashSearch.run?.({ ...input, count }, execute as never, variant);
    return { nonces: output?.nonces as BigUint64Array, counts };
  }
  test('parts are of one size, so that the DAG stays; winners past the end are left out', async () => {
    const { nonces, counts } = await run(2 ** 14 + 1, 'light');
    expect(counts).toEqual([2 ** 14, 2 ** 14]);
    expect(nonces).toHaveLength(2 ** 14 + 1);
    expect([...nonces.subarray(1, 5)]).toEqual([2n ** 64n - 2n, 2n ** 64n - 1n, 0n, 1n]);
    expect(nonces.at(-1)).toBe(2n ** 14n - 3n);
  });
  test('with a DAG an execution takes more nonces than without, until a list overflows', async () => {
    const { nonces, counts } = await run(2 ** 17 + 1, 'naive');
    expect(counts).toEqual([2 ** 17 + 1, CAPACITY, CAPACITY, CAPACITY]);
    expect(nonces).toHaveLength(2 ** 17 + 1);
    expect((await run(1000, 'naive')).counts).toEqual([1000]);
  });
});

describe('the oracle', () => {
  const shape = { kib: 32, nonces: 40 };
  const input = ethashSearchReduced.input(shape, 3);
  const right = [...ethashSearchReduced.reference(shape, input).nonces];
  const oracle = ethashSearchReduced.oracle(shape, input, 3);
  const check = (nonces: readonly bigint[]) => oracle.check({ nonces: BigUint64Array.from(nonces) });

  test('short ranges: a nonce’s own hash is the boundary, and it wins', () => {
    const hashes = right.map((nonce) => finalNumber(reducedGeometry(32), input.headerHash, nonce));
    expect(hashes).toContain(input.target);
    expect(right.length).toBeGreaterThan(1);
    expect(right.length).toBeLessThan(40);
  });
  test('accepts the winners in any order; refuses one missing, listed twice, false or outside', () => {
    expect(check(right)).toEqual({ correct: true, maxError: 0 });
    expect(check([...right].reverse()).correct).toBe(true);
    for (const nonce of right)
      expect(check(right.filter((one) => one !== nonce)).detail).toMatch(new RegExp(`nonce ${nonce} .* is missing`));
    expect(check([...right, right[0] as bigint]).detail).toContain('twice');
    const losers = Array.from({ length: 40 }, (_, i) => nonceAt(input, i)).filter((nonce) => !right.includes(nonce));
    for (const nonce of losers) expect(check([...right, nonce]).detail).toContain(`nonce ${nonce} (number`);
    for (const nonce of [nonceAt(input, 40), input.firstNonce - 1n])
      expect(check([...right, nonce]).detail).toBe(`nonce ${nonce} lies outside the range`);
  });

  test('long ranges: refuses a missing part, a share missing everywhere, a false winner in ten', () => {
    const long = ethashSearchReduced.input({ kib: 32, nonces: 262144 }, 5);
    expect(long.target).toBe(2n ** 252n);
    // In place of hashes, which would take the CPU an hour: words that win as often.
    const next = randomWords(8);
    const won = Array.from({ length: long.count }, () => next() < 2 ** 28);
    const judge = judgedSearch(long, 5, (offset) => won[offset] as boolean);
    const verdict = (listed: (won: boolean, offset: number) => boolean) =>
      judge.check({
        nonces: BigUint64Array.from(
          won.flatMap((wins, offset) => (listed(wins, offset) ? [nonceAt(long, offset)] : [])),
        ),
      });
    expect(verdict((wins) => wins)).toEqual({ correct: true, maxError: 0 });
    const unsampled = randomWords(9);
    expect(verdict(() => false).detail).toMatch(/wins and is missing/);
    expect(verdict(() => true).detail).toMatch(/does not win and is listed/);
    expect(verdict((wins, offset) => wins && Math.floor(offset / 4096) !== 33).detail).toMatch(/missing|part 34 of 64/);
    expect(verdict((wins) => wins && unsampled() > 2 ** 32 / 10).detail).toMatch(
      /missing|expected about 16384 winners/,
    );
    expect(verdict((wins) => wins || unsampled() < 2 ** 32 / 160).detail).toMatch(/is listed|expected about/);
  });
  test('inputs cross the wrap at 2⁶⁴', () => {
    const made = ethashSearchReduced.input({ kib: 32, nonces: 4 }, 1);
    expect([0, 1, 2, 3].map((i) => nonceAt(made, i))).toEqual([2n ** 64n - 2n, 2n ** 64n - 1n, 0n, 1n]);
  });
});

describe('bad input names the argument', () => {
  const good = { blockNumber: 0, headerHash: new Uint8Array(32), firstNonce: 0n, count: 1, target: 1n };
  test('good input is taken', () => {
    expect(ethashSearch.shapeOf({ ...good, etchash: true, blockNumber: 11_760_000 }).shape).toEqual({
      ...{ epoch: 196, etchash: 1, small: 0 },
      nonces: 1,
    });
  });
  test.each([
    [{ ...good, headerHash: new Uint8Array(31) }, /headerHash must be 32 bytes, got 31/],
    [{ ...good, headerHash: undefined }, /headerHash must be a Uint8Array of 32 bytes, got undefined/],
    [{ ...good, blockNumber: -1 }, /blockNumber must be a whole number from 0 to 61439999, got -1/],
    [{ ...good, firstNonce: -1n }, /firstNonce must be a bigint from 0 to 2\^64 − 1, got -1n/],
    [{ ...good, firstNonce: 2n ** 64n }, /firstNonce .*got 18446744073709551616n/],
    [{ ...good, firstNonce: 1 }, /firstNonce .*got 1/],
    [{ ...good, count: 0 }, /count must be a whole number from 1 to 4294967296, got 0/],
    [{ ...good, count: 2 ** 32 + 1 }, /count .*got 4294967297/],
    [{ ...good, count: 1n }, /count .*got 1n/],
    [{ ...good, target: 2n ** 256n }, /target must be a bigint from 0 to 2\^256 − 1/],
    [{ ...good, target: 5 }, /target .*got 5/],
    [{ ...good, nonces: BigUint64Array.of(1n) }, /unknown argument "nonces"; expected .*firstNonce, count, target/],
    [null, /ethash-search: expected an object/],
  ])('%#', (input, message) => {
    expect(() => ethashSearch.shapeOf(input)).toThrow(message);
  });
  test('shapes', () => {
    const shape = { epoch: 194, etchash: 1, small: 0, nonces: 1 };
    expect(() => ethashSearch.checkShape?.(shape)).toThrow(/ethash-search: etchash begins with epoch 195/);
    expect(() => ethashSearchReduced.checkShape?.({ kib: 33, nonces: 1 })).toThrow(/kib must be even, got 33/);
  });
  test('benchmark inputs have the shape that they were made for', () => {
    for (const kernel of [ethashSearch, ethashSearchReduced])
      for (const shape of [...kernel.probes, kernel.pilot, ...kernel.workloads])
        expect(kernel.shapeOf(kernel.input(shape, 1) as never).shape).toEqual(shape);
  });
});
