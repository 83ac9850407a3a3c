import { keyOf, mix, type Pattern } from '../../kernels/memory-test/reference.js';
import type { Chunk, Sweep } from './memory.js';

/** What the passes are called in figures and errors. */
export const PASS_NAMES = [
  'address',
  'inverse',
  'moving-inversions',
  'modulo-20',
  'walking-bits',
  'block-moves',
  'retention-cold',
  'retention-hot',
] as const;
export type PassName = (typeof PASS_NAMES)[number];

export const LEVELS = ['quick', 'standard', 'thorough'] as const;
export type Level = (typeof LEVELS)[number];

/** A pattern of all chunks. */
export interface PatternOfAll {
  readonly kind: Pattern['kind'];
  /** Key of `hash`, or the value of `modulo-20`. */
  readonly pass: number;
  readonly inverted: boolean;
  readonly extra: number;
  /** How many of `swapMasks` have been applied. */
  readonly swaps: number;
}

/** Every chunk is swept before the next stage begins: what is read was written before all the rest of memory was. */
export interface SweepStage {
  readonly sweep: Sweep;
  readonly before: PatternOfAll;
  readonly after?: PatternOfAll;
  /** Chunks from the last to the first. */
  readonly descending?: boolean;
  /** Memory was left alone since these words were last read. */
  readonly held?: boolean;
  /** Index into `swapMasks`. */
  readonly swap?: number;
}
export interface HoldStage {
  readonly holdMs: number;
  readonly loaded: boolean;
}
export type Stage = SweepStage | HoldStage;

export interface Pass {
  readonly name: PassName;
  readonly stages: readonly Stage[];
}

/** How much of the long passes one loop takes; what a loop leaves out, later ones with other seeds may take. */
const DEPTH: Readonly<Record<Level, { shifts: number; offsets: number; holdMs: number }>> = {
  quick: { shifts: 2, offsets: 2, holdMs: 2000 },
  standard: { shifts: 8, offsets: 5, holdMs: 15_000 },
  thorough: { shifts: 32, offsets: 20, holdMs: 60_000 },
};

export interface Schedule {
  readonly seed: number;
  readonly loop: number;
  readonly level: Level;
  /** In place of the level's: how long the retention passes leave memory alone, each of four times. */
  readonly holdMs?: number;
}

/** The passes of one loop. Every loop has patterns of its own. */
export function passesOf({ seed, loop, level, holdMs = DEPTH[level].holdMs }: Schedule): Pass[] {
  let pass = 0;
  const hash = (): PatternOfAll => ({
    kind: 'hash',
    pass: keyOf(seed, loop, pass++),
    inverted: false,
    extra: 0,
    swaps: 0,
  });
  const not = (pattern: PatternOfAll): PatternOfAll => ({ ...pattern, inverted: !pattern.inverted });
  const fill = (before: PatternOfAll): SweepStage => ({ sweep: 'fill', before });
  const verify = (before: PatternOfAll, held = false): SweepStage => ({ sweep: 'verify', before, held });
  const step = (before: PatternOfAll, after: PatternOfAll, descending = false): SweepStage => ({
    sweep: 'step',
    before,
    after,
    descending,
  });

  const address = hash();
  const inverse = not(hash());
  const moving = hash();
  const moves = hash();
  const retention = (loaded: boolean): Stage[] =>
    [hash(), not(hash())].flatMap((p) => [fill(p), verify(p), { holdMs, loaded }, verify(p, true)]);
  return [
    { name: 'address', stages: [fill(address), verify(address)] },
    { name: 'inverse', stages: [fill(inverse), verify(inverse)] },
    {
      name: 'moving-inversions',
      stages: [fill(moving), step(moving, not(moving)), step(not(moving), moving, true), verify(moving)],
    },
    { name: 'modulo-20', stages: moduloStages(seed, loop, DEPTH[level].offsets) },
    { name: 'walking-bits', stages: walkingStages(seed, loop, DEPTH[level].shifts) },
    {
      name: 'block-moves',
      stages: [
        fill(moves),
        { sweep: 'swap', before: moves, swap: 0 },
        { sweep: 'swap', before: { ...moves, swaps: 1 }, swap: 1 },
        verify({ ...moves, swaps: 2 }),
      ],
    },
    { name: 'retention-cold', stages: retention(false) },
    { name: 'retention-hot', stages: retention(true) },
  ];
}

/** Writes every twentieth word, then all others twice, so that no cache still holds what is then checked. */
function moduloStages(seed: number, loop: number, offsets: number): Stage[] {
  return sample(20, offsets, seed, loop).flatMap((extra) => {
    const before: PatternOfAll = {
      kind: 'modulo-20',
      pass: keyOf(seed, loop, 1000 + extra),
      inverted: false,
      extra,
      swaps: 0,
    };
    const others: SweepStage = { sweep: 'all-but-20th', before };
    return [{ sweep: 'every-20th', before }, others, others, { sweep: 'verify', before }];
  });
}

/** One bit set, then one bit clear, then the next shift, each step checking the one before. */
function walkingStages(seed: number, loop: number, shifts: number): Stage[] {
  const patterns = sample(32, shifts, seed, loop).flatMap((extra) =>
    [false, true].map((inverted): PatternOfAll => ({ kind: 'walking-bits', pass: 0, inverted, extra, swaps: 0 })),
  );
  const steps = patterns.slice(1).map(
    (after, i): SweepStage => ({
      sweep: 'step',
      before: patterns[i] as PatternOfAll,
      after,
    }),
  );
  const last = patterns.at(-1) as PatternOfAll;
  return [{ sweep: 'fill', before: patterns[0] as PatternOfAll }, ...steps, { sweep: 'verify', before: last }];
}

/** `wanted` of the numbers under `count`, by seed; consecutive loops go through all of them. */
function sample(count: number, wanted: number, seed: number, loop: number): number[] {
  const order = Array.from({ length: count }, (_, i) => i).sort(
    (a, b) => keyOf(seed, count, a) - keyOf(seed, count, b),
  );
  return Array.from({ length: wanted }, (_, i) => order[(loop * wanted + i) % count] as number);
}

/** Bits of a vector's index that block moves exchange, in order: halves of the chunk, then blocks of 64 KiB. */
export function swapMasks({ words }: Chunk): number[] {
  const vectors = words / 4;
  return [vectors / 2, Math.min(4096, vectors / 4)];
}

/** A pattern of all chunks as one chunk has it. */
export function patternOf(all: PatternOfAll, index: number, chunk: Chunk): Pattern {
  const moved = swapMasks(chunk)
    .slice(0, all.swaps)
    .reduce((sum, mask) => (sum ^ (4 * mask)) >>> 0, 0);
  const key = all.kind === 'hash' ? mix(all.pass ^ keyOf(0, 0, index)) : all.pass;
  return { kind: all.kind, key, inverted: all.inverted, extra: all.extra, moved };
}
