import { describe, expect, test } from 'vitest';
import type { Refused } from '../../bench/tune/arena.js';
import type { Candidate } from '../../bench/tune/card-arena.js';
import { chooseShape } from '../../bench/tune/choose-shape.js';
import { type AnyVariant, lookAtDefault } from '../../bench/tune/look.js';
import { SimulatedArena, skipped, wrong } from './simulated.js';

const TUNABLE = { group: [64, 32] };
const variant = (id: string, tuning?: Record<string, number[]>) => ({ id, tuning }) as unknown as AnyVariant;
const four = ['naive', 'unrolled', 'early', 'chain'].map((id) => variant(id, TUNABLE));
const SLOW = skipped('too-slow-for-adapter');

/** Chooses among shapes of these sizes on a card that costs nothing; tells what was looked at, as `early 8`. */
async function choose(
  sizes: readonly number[],
  variants: readonly AnyVariant[],
  refuses: (id: string, size: number) => Refused | null,
) {
  const looked: string[] = [];
  const probed = new Set<string>();
  const { shape, looks } = await chooseShape(sizes, variants, async (size, one, before) => {
    looked.push(`${one.id} ${size}`);
    const arena = new SimulatedArena<Candidate>({
      ...{ ns: () => size * 1e6, noise: 0, seed: 1, roundMs: 10 },
      refuses: ({ implementation }) => refuses(implementation.replace('assay/', ''), size),
      // Odd shapes take 500 ms, once; then what the shape's own three executions and the warm-up's two do.
      prepareMs: (probed.has(one.id) ? 0 : 500) + (refuses(one.id, size) ? 0 : 5 * size),
    });
    probed.add(one.id);
    return lookAtDefault(arena, one, before);
  });
  return { shape, looks, looked };
}
const upTo = (most: Record<string, number>) => (id: string, size: number) => (size <= (most[id] ?? 0) ? null : SLOW);

describe('the shape that is tuned', () => {
  test('is the largest when all variants fit it, and no other is looked at', async () => {
    const { shape, looked } = await choose([64, 8, 1], four, () => null);
    expect(shape).toBe(64);
    expect(looked).toHaveLength(4);
  });

  test('is a smaller one when three of four are too slow on the largest', async () => {
    const { shape, looks } = await choose([64, 8, 1], four, upTo({ naive: 8, unrolled: 8, early: 8, chain: 64 }));
    expect(shape).toBe(8);
    expect(looks.map((l) => [l.variant.id, l.refusal])).toEqual(four.map(({ id }) => [id, null]));
  });

  test('is one on which more than half fit: three of four will do, two will not', async () => {
    const most = { naive: 1, unrolled: 8, early: 64, chain: 64 };
    expect((await choose([64, 8, 1], four, upTo(most))).shape).toBe(8);
    expect((await choose([64, 8, 1], four, upTo({ ...most, unrolled: 64 }))).shape).toBe(64);
  });

  test('is left as soon as most cannot fit it', async () => {
    const { looked } = await choose([64, 8], four, upTo({ naive: 8, unrolled: 8, early: 64, chain: 64 }));
    expect(looked).toEqual(['naive 64', 'unrolled 64', ...four.map(({ id }) => `${id} 8`)]);
  });

  test.each(['too-slow-for-adapter', 'exceeds-limit', 'out-of-memory'] as const)(
    'counts %s as too big',
    async (code) => {
      const { shape } = await choose([64, 8], four, (id, size) => (size > 8 && id !== 'chain' ? skipped(code) : null));
      expect(shape).toBe(8);
    },
  );

  test('is not made smaller by what no shape would mend', async () => {
    const broken = await choose([64, 8], four, (id) => (id === 'chain' ? null : wrong()));
    expect(broken.shape).toBe(64);
    const lacking = (id: string) => (['naive', 'early'].includes(id) ? skipped('missing-feature') : null);
    expect((await choose([64, 8], four, lacking)).shape).toBe(64);
    // One of the two that remain is too big: that is not most of them.
    const { shape } = await choose(
      [64, 8],
      four,
      (id, size) => lacking(id) ?? upTo({ unrolled: 8, chain: 64 })(id, size),
    );
    expect(shape).toBe(8);
  });
});

describe('when no shape lets most of them', () => {
  test('it is the one that lets the most, the larger of equals', async () => {
    const { shape, looks } = await choose([64, 8, 1], four, upTo({ early: 8, chain: 64 }));
    expect(shape).toBe(8);
    expect(looks.map(({ refusal }) => refusal)).toEqual([SLOW, SLOW, null, null]);
    expect((await choose([64, 8, 1], four, upTo({ chain: 64 }))).shape).toBe(64);
  });

  test('where nothing fits it is the smallest, with every reason', async () => {
    const { shape, looks } = await choose([64, 8, 1], four, () => SLOW);
    expect(shape).toBe(1);
    expect(looks.map(({ refusal }) => refusal)).toEqual([SLOW, SLOW, SLOW, SLOW]);
  });

  test('the only shape is taken, whatever fits it', async () => {
    const { shape, looks } = await choose([64], four, upTo({ chain: 64 }));
    expect([shape, looks.length]).toEqual([64, 4]);
  });
});

describe('looks', () => {
  test('at what has nothing to tune: on the chosen shape only, and without a voice', async () => {
    const fixed = ['a', 'b', 'c'].map((id) => variant(id));
    const variants = [...fixed, variant('tuned', TUNABLE)];
    const { shape, looks, looked } = await choose([64, 8], variants, upTo({ tuned: 8 }));
    expect(shape).toBe(8);
    expect(looks.map((l) => l.variant.id)).toEqual(['a', 'b', 'c', 'tuned']);
    expect(looked).toEqual(['tuned 64', 'tuned 8', 'a 8', 'b 8', 'c 8']);
  });

  test('count the odd shapes, which only the first of them verified, to every configuration', async () => {
    const { looks, looked } = await choose([64, 8], four, upTo({ naive: 64, unrolled: 8, early: 8, chain: 8 }));
    // `naive` was verified on the larger shape too, which a configuration of the smaller one will not be.
    expect(looked.slice(0, 3)).toEqual(['naive 64', 'unrolled 64', 'early 64']);
    expect(looks.map((l) => l.costs.prepareMs)).toEqual([540, 540, 540, 540]);
  });
});
