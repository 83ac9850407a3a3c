import type { BufferPlan, BufferReadback } from './declaration.js';
import { asWords } from './views.js';

/**
 * The list that a search for nonces leaves: `shared/hits.wgsl` on the device, this on the host. Winners are counted
 * all and listed as far as the list goes, so that none can be lost in silence.
 */

/** Winners that one execution can list. Benchmarks set targets that stay far below; `searchInParts` splits when one does not. */
export const CAPACITY = 65536;

/** More nonces won than the list holds; they were counted, not stored. */
export class HitsOverflow extends Error {
  override name = 'HitsOverflow';
  readonly found: number;
  constructor(found: number) {
    super(`${found} nonces meet the target, the list of one execution holds ${CAPACITY}`);
    this.found = found;
  }
}

/** @param hitBytes of one hit as it is listed */
export const hitBuffers = (hitBytes: number): readonly [BufferPlan, BufferPlan] => [
  { name: 'hitCount', role: 'counter', byteLength: 4 },
  { name: 'hits', role: 'output', byteLength: CAPACITY * hitBytes },
];

/**
 * The hits of one execution, in whatever order invocations found them; a copy.
 * @throws {HitsOverflow}
 */
export function listedHits({ hitCount, hits }: BufferReadback, hitBytes: number): Uint8Array {
  const found = asWords(hitCount as Uint8Array)[0] as number;
  if (found > CAPACITY) throw new HitsOverflow(found);
  return (hits as Uint8Array).slice(0, found * hitBytes);
}

/**
 * A range of any length in executions of at most `most` nonces. Where a list overflows, that part and all after it are
 * searched in smaller ones: hashes are uniform, so the next would overflow too.
 * @param count 1 … 2³²
 * @param search `length` nonces from `offset` on; `size`: what all parts but the last have, until a list overflows.
 *   @returns offsets of winners from `offset`, in any order
 * @returns offsets of all winners, ascending
 */
export async function searchInParts(
  count: number,
  most: number,
  search: (offset: number, length: number, size: number) => Promise<Uint32Array>,
): Promise<Uint32Array> {
  const parts: Uint32Array[] = [];
  let size = Math.min(count, most);
  for (let at = 0; at < count; ) {
    const length = Math.min(size, count - at);
    try {
      const found = await search(at, length, size);
      parts.push(found.sort().map((offset) => at + offset));
      at += length;
    } catch (error) {
      if (!(error instanceof HitsOverflow) || size <= CAPACITY) throw error;
      size = Math.max(CAPACITY, Math.floor((size * CAPACITY) / (2 * error.found)));
    }
  }
  const offsets = new Uint32Array(parts.reduce((sum, p) => sum + p.length, 0));
  let end = 0;
  for (const part of parts) {
    offsets.set(part, end);
    end += part.length;
  }
  return offsets;
}
