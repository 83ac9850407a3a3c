import { type Pattern, wordOf } from '../../kernels/memory-test/reference.js';
import type { Chunk, MemoryUnderTest, Op } from './memory.js';

/** The test did not see an error that was planted: whatever it says of this memory is worth nothing. */
export class BlindTestError extends Error {
  override name = 'BlindTestError';
}

const PATTERNS: readonly Pattern[] = [
  { kind: 'hash', key: 0x1234567, inverted: false, extra: 0, moved: 0 },
  { kind: 'walking-bits', key: 0, inverted: true, extra: 5, moved: 0 },
  { kind: 'modulo-20', key: 0x89abcdef, inverted: false, extra: 7, moved: 0 },
];
const MOST_VECTORS = 4096;

/**
 * Plants wrong bits at the beginning, in the middle and at the end of a range, and looks whether the comparison that
 * is used afterwards reports exactly these: a comparison that compares nothing, or reports everything, passes no card.
 * @throws {BlindTestError}
 */
export async function selfCheck(memory: MemoryUnderTest): Promise<void> {
  for (const chunk of new Set([0, memory.chunks.length - 1]))
    for (const pattern of PATTERNS) {
      await planted(memory, chunk, pattern, 'verify');
      // Patterns modulo 20 are never stepped.
      if (pattern.kind !== 'modulo-20') await planted(memory, chunk, pattern, 'step');
    }
}

async function planted(memory: MemoryUnderTest, chunk: number, before: Pattern, operation: 'verify' | 'step') {
  const count = Math.min(MOST_VECTORS, (memory.chunks[chunk] as Chunk).words / 4);
  const range = { chunk, start: 0, count, before };
  const fills: Op['operation'][] = before.kind === 'modulo-20' ? ['every-20th', 'all-but-20th'] : ['fill'];
  const after: Pattern = { ...before, inverted: !before.inverted };
  for (const fill of fills) await memory.run([{ ...range, operation: fill }]);
  // One in each component of a vector.
  const plants = [0, 2 * count + 1, 2 * count + 6, 4 * count - 1].map((word, i) => ({ word, bit: 1 << (10 * i) }));
  await memory.poke(
    chunk,
    plants.map(({ word, bit }) => ({ word, and: 0xffffffff, or: 0, xor: bit })),
  );
  await memory.run([{ ...range, operation, ...(operation === 'step' && { after }) }]);
  const { count: seen, records } = await memory.takeErrors();
  const want = plants.map(({ word, bit }) => {
    const expected = wordOf(before, word);
    return [chunk, word, expected, (expected ^ bit) >>> 0].join();
  });
  const got = records.map(({ chunk: c, word, expected, got: value }) => [c, word, expected, value].join());
  if (seen !== plants.length || want.some((record) => !got.includes(record)))
    throw new BlindTestError(
      `${operation} of ${before.kind}: ${plants.length} planted errors, ${seen} reported` +
        ` (planted chunk,word,expected,read: ${want.join(' ')}; reported: ${got.slice(0, 8).join(' ')})`,
    );
}
