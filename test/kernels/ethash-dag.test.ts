import { describe, expect, test } from 'vitest';
import { ethashDag } from '../../kernels/ethash-dag/kernel.js';

const COUNT = 4103;
const shape = { rows: 521, items: COUNT };
const input = { ...ethashDag.input(shape, 3), ...shape };
const { items: right } = ethashDag.reference(shape, input);
const oracle = ethashDag.oracle(shape, input, 3);

/** The right items with some changed. */
function changed(change: (items: Uint8Array, at: (item: number) => number) => void): Uint8Array {
  const items = right.slice();
  change(items, (item) => 64 * item);
  return items;
}
/** An item that the CPU does not make: what is done to it must be seen by other means. */
function unseen(): number {
  for (let item = 1; item < COUNT; item++) {
    const items = changed((all, at) => {
      all[at(item) + 63] = (all[at(item) + 63] as number) ^ 1;
    });
    if (oracle.check({ items }).correct) return item;
  }
  throw new Error('every item is made by the CPU');
}

describe('the oracle of many items', () => {
  test('says what it checks, and finds the right ones right, however they lie in memory', () => {
    expect(oracle.method).toBe('one item in every 16 against the CPU, all items written and distinct from each other');
    expect(oracle.check({ items: right })).toEqual({ correct: true, maxError: 0 });
    const shifted = new Uint8Array(right.length + 1);
    shifted.set(right, 1);
    expect(oracle.check({ items: shifted.subarray(1) })).toEqual({ correct: true, maxError: 0 });
  });

  test.each([
    ['not written: poison', 0xff],
    ['not written: zeros', 0],
  ])('sees a single item that was %s', (_, byte) => {
    const item = unseen();
    const items = changed((all, at) => all.fill(byte, at(item), at(item + 1)));
    expect(oracle.check({ items }).detail).toBe(`item ${input.firstItem + item} was not written`);
  });

  test('sees a single item that is a copy of another, however far away', () => {
    const item = unseen();
    for (const from of [item - 1, item + 1, COUNT - 1]) {
      const items = changed((all, at) => all.copyWithin(at(item), at(from), at(from + 1)));
      const [low, high] = [Math.min(item, from), Math.max(item, from)].map((i) => input.firstItem + i);
      expect(oracle.check({ items }).detail).toBe(`items ${low} and ${high} are the same`);
    }
  });

  test('sees every stretch of sixteen wrong ones, the first item and the last', () => {
    const flip = (from: number, to: number) =>
      changed((all, at) => {
        for (let item = from; item < to; item++) all[at(item) + 63] = (all[at(item) + 63] as number) ^ 1;
      });
    for (let start = 0; start < COUNT; start += 16)
      expect(oracle.check({ items: flip(start, Math.min(COUNT, start + 16)) }).correct, `${start}`).toBe(false);
    expect(oracle.check({ items: flip(0, 1) }).correct).toBe(false);
    expect(oracle.check({ items: flip(COUNT - 1, COUNT) }).correct).toBe(false);
  });

  test('sees items in a wrong order, from another index and of a wrong length', () => {
    const rotated = changed((all) => all.set([...right.subarray(64), ...right.subarray(0, 64)]));
    expect(oracle.check({ items: rotated }).correct).toBe(false);
    const { items } = ethashDag.reference(shape, { ...input, firstItem: input.firstItem + 1 });
    expect(oracle.check({ items }).correct).toBe(false);
    expect(oracle.check({ items: right.subarray(64) }).detail).toMatch(/expected 262592 bytes, got 262528/);
  });
});

test('up to 1024 items are all made by the CPU', () => {
  const few = { rows: 37, items: 1024 };
  const made = { ...ethashDag.input(few, 1), ...few };
  const whole = ethashDag.oracle(few, made, 1);
  expect(whole.method).toBe('every item against the CPU');
  const { items } = ethashDag.reference(few, made);
  expect(whole.check({ items }).correct).toBe(true);
  for (const byte of [0, 31_999, items.length - 1]) {
    const wrong = items.slice();
    wrong[byte] = (wrong[byte] as number) ^ 0x80;
    expect(whole.check({ items: wrong }).correct, `byte ${byte}`).toBe(false);
  }
});

test('of a million items 16,384 are made by the CPU', () => {
  const many = { rows: 37, items: 2 ** 20 };
  const { method } = ethashDag.oracle(many, { ...ethashDag.input(many, 1), ...many }, 1);
  expect(method).toBe('one item in every 64 against the CPU, all items written and distinct from each other');
});
