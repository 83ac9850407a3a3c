import type { Oracle } from '../declaration.js';
import { HASH_BYTES } from '../ethash/epochs.js';
import { datasetItem } from '../ethash/reference.js';
import { randomWords } from '../random.js';

export interface DagOutput {
  /** 64 bytes for every item, in order. */
  items: Uint8Array;
}

/** So many items are all made by the CPU, which takes some 60 µs for each. */
const FULL_CHECK = 1024;
/** Of more, one in each stretch: of this length, or longer where that would make too many. */
const LEAST_STRETCH = 16;
const MOST_CHECKED = 16384;
const WORDS = HASH_BYTES / 4;

/** An item of the dataset, words little-endian. @param cache the light cache, 16 words a row */
export function itemBytes(cache: Uint32Array, index: number): Uint8Array {
  const item = new Uint32Array(WORDS);
  datasetItem(cache, index, item);
  const view = new DataView(new ArrayBuffer(HASH_BYTES));
  for (const [w, word] of item.entries()) view.setUint32(4 * w, word, true);
  return new Uint8Array(view.buffer);
}

/**
 * Up to 1024 items are all made by the CPU. Of more one in every 16 (in every 64 of a million), at a place that the
 * seed chooses, and the first and the last. All must have been written and differ from each other: an item that was
 * left out or copied is seen wherever it is.
 */
export function dagOracle(cache: Uint32Array, firstItem: number, count: number, seed: number): Oracle<DagOutput> {
  const stretch = Math.max(LEAST_STRETCH, Math.ceil(count / MOST_CHECKED));
  const all = count <= FULL_CHECK;
  const places = all ? [...Array(count).keys()] : samplePlaces(count, stretch, seed);
  const expected = places.map((at) => Buffer.from(itemBytes(cache, firstItem + at)));
  return {
    method: all
      ? 'every item against the CPU'
      : `one item in every ${stretch} against the CPU, all items written and distinct from each other`,
    tolerance: { kind: 'exact' },
    check({ items }) {
      const wrong = (detail: string) => ({ correct: false, maxError: null, detail });
      if (items?.length !== count * HASH_BYTES)
        return wrong(`expected ${count * HASH_BYTES} bytes, got ${items?.length}`);
      const got = Buffer.from(items.buffer, items.byteOffset, items.byteLength);
      for (const [i, at] of places.entries()) {
        const want = expected[i] as Buffer;
        const item = got.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES);
        if (!item.equals(want))
          return wrong(`item ${firstItem + at}: expected ${want.toString('hex')}, got ${item.toString('hex')}`);
      }
      if (all) return { correct: true, maxError: 0 };
      const odd = firstOdd(wordsOf(items), count);
      if (!odd) return { correct: true, maxError: 0 };
      const [at, twin] = odd;
      return wrong(
        twin === null
          ? `item ${firstItem + at} was not written`
          : `items ${firstItem + twin} and ${firstItem + at} are the same`,
      );
    },
  };
}

function samplePlaces(count: number, stretch: number, seed: number): number[] {
  const next = randomWords(seed ^ 0xda6);
  const places = [0];
  for (let start = 0; start < count; start += stretch) places.push(start + (next() % Math.min(stretch, count - start)));
  return [...places, count - 1];
}

const wordsOf = ({ buffer, byteOffset, byteLength }: Uint8Array) =>
  byteOffset % 4 === 0
    ? new Uint32Array(buffer, byteOffset, byteLength / 4)
    : new Uint32Array(buffer.slice(byteOffset, byteOffset + byteLength));

/**
 * The first item that is blank, or that an earlier one (the second number) equals, by their first 64 bits: among a
 * million a chance twin is one in 30 million. By a table of places: a Set of a million would take most of a second.
 */
function firstOdd(words: Uint32Array, count: number): [number, number | null] | null {
  const slots = 2 ** Math.ceil(Math.log2(2 * count));
  const table = new Int32Array(slots).fill(-1);
  for (let at = 0; at < count; at++) {
    const [low, high] = [words[WORDS * at] as number, words[WORDS * at + 1] as number];
    // Zeros are a new buffer's, ones the harness's poison.
    if (low === high && (low === 0 || low === 0xffffffff)) return [at, null];
    let slot = low & (slots - 1);
    for (let other = table[slot] as number; other >= 0; other = table[slot] as number) {
      if (words[WORDS * other] === low && words[WORDS * other + 1] === high) return [at, other];
      slot = (slot + 1) & (slots - 1);
    }
    table[slot] = at;
  }
  return null;
}
