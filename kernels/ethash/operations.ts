import type { Amounts } from '../declaration.js';
import { ROTATIONS, ROUND_CONSTANTS } from './keccak-f.js';
import { ACCESSES, PARENTS } from './reference.js';

/**
 * Operations on 32-bit words that Ethash cannot do without, by the ceiling kernels that measure them: additions,
 * constant rotations (a funnel shift), multiplications, and logic of up to three operands counted as one (LOP3).
 *
 * Keccak is run on symbols: a word is known, or it is the operation that makes it. What is known is folded, so
 * padding and the first round's zeros cost nothing, and what no output needs is left out, so the last round is
 * made for the words that are squeezed. The rest is counted: no compiler needs fewer by these rules.
 */
interface Operation {
  readonly kind: 'int-logic' | 'int-rotate' | 'input';
  readonly from: readonly Word[];
}
type Word = Operation | 0 | 1;

/** An XOR or another function of three operands in one operation; known zeros make it simpler. */
function logic(...operands: Word[]): Word {
  const unknown = operands.filter((w): w is Operation => typeof w === 'object');
  const ones = operands.filter((w) => w === 1).length;
  if (unknown.length === 0) return ones > 0 ? 1 : 0;
  if (unknown.length === 1 && ones === 0) return unknown[0] as Operation;
  return { kind: 'int-logic', from: unknown };
}

/** b ^ (~c & d): by what is known of c and d it is b, ~b, an XOR, or all of it in one operation. */
function chi(b: Word, c: Word, d: Word): Word {
  if (d === 0) return b;
  const from = [b, c, d].filter((w): w is Operation => typeof w === 'object');
  return from.length === 0 ? 1 : { kind: 'int-logic', from };
}

/** A lane is two words; rotated by n each new word takes bits of both. */
function rotate([low, high]: Lane, by: number): Lane {
  if (by === 0 || (low === 0 && high === 0)) return [low, high];
  const both = [low, high].filter((w): w is Operation => typeof w === 'object');
  return [
    { kind: 'int-rotate', from: both },
    { kind: 'int-rotate', from: both },
  ];
}

type Lane = readonly [Word, Word];

/** @param state known words are 0 (all bits clear) or 1 (some constant that is not zero) */
function permute(state: Lane[]): Lane[] {
  let a = state;
  for (let round = 0; round < 24; round++) {
    const at = (x: number, y: number) => a[(x % 5) + 5 * (y % 5)] as Lane;
    const halves = (make: (half: 0 | 1) => Word): Lane => [make(0), make(1)];
    const parity = [0, 1, 2, 3, 4].map((x) =>
      halves((h) => logic(logic(at(x, 0)[h], at(x, 1)[h], at(x, 2)[h]), at(x, 3)[h], at(x, 4)[h])),
    );
    const turned = parity.map((lane) => rotate(lane, 1));
    const moved: Lane[] = [];
    for (let x = 0; x < 5; x++)
      for (let y = 0; y < 5; y++) {
        const [left, right] = [parity[(x + 4) % 5], turned[(x + 1) % 5]] as [Lane, Lane];
        const lane = halves((h) => logic(at(x, y)[h], left[h], right[h]));
        moved[y + 5 * ((2 * x + 3 * y) % 5)] = rotate(lane, ROTATIONS[x + 5 * y] as number);
      }
    a = moved.map((lane, i) => {
      const row = i - (i % 5);
      const [c, d] = [moved[row + ((i + 1) % 5)], moved[row + ((i + 2) % 5)]] as [Lane, Lane];
      return halves((h) => {
        const word = chi(lane[h], c[h], d[h]);
        return i === 0 && ROUND_CONSTANTS[2 * round + h] !== 0 ? logic(word, 1) : word;
      });
    });
  }
  return a;
}

function countOf(outputs: readonly Word[]): { 'int-logic': number; 'int-rotate': number } {
  const seen = new Set<Operation>();
  const counts = { 'int-logic': 0, 'int-rotate': 0 };
  const pending = outputs.filter((w): w is Operation => typeof w === 'object');
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    if (next.kind !== 'input') counts[next.kind]++;
    pending.push(...next.from.filter((w): w is Operation => typeof w === 'object'));
  }
  return counts;
}

/**
 * One permutation on `absorbed` bytes of data and their padding, of which `squeezed` bytes are wanted.
 * @param rate bytes
 */
export function keccakOperations(absorbed: number, rate: number, squeezed: number) {
  const input = (): Word => ({ kind: 'input', from: [] });
  const words = Array.from({ length: 50 }, (_, w): Word => {
    if (w < absorbed / 4) return input();
    return w === absorbed / 4 || w === rate / 4 - 1 ? 1 : 0;
  });
  const lanes = Array.from({ length: 25 }, (_, i): Lane => [words[2 * i] as Word, words[2 * i + 1] as Word]);
  return countOf(
    permute(lanes)
      .flat()
      .slice(0, squeezed / 4),
  );
}

const fnvs = (count: number): Amounts => ({ 'int-mul': count, 'int-logic': count });
/** n % d at least: the upper half of a product, a product, a difference. */
const remainders = (count: number): Amounts => ({ 'int-mul': 2 * count, 'int-add': count });

function sum(...parts: readonly Amounts[]): Amounts {
  const total: Record<string, number> = {};
  for (const part of parts) for (const [kind, n] of Object.entries(part)) total[kind] = (total[kind] ?? 0) + n;
  return total;
}

let perHash: Amounts | null = null;
/** One hash with its pages read: 64 accesses that choose a page and mix 32 words, and two permutations. */
export function hashOperations(): Amounts {
  perHash ??= sum(
    keccakOperations(40, 72, 64),
    keccakOperations(96, 136, 32),
    fnvs(ACCESSES * (1 + 32) + 8 * 3),
    // The access number is mixed into the seed's first word.
    { 'int-logic': ACCESSES },
    remainders(ACCESSES),
  );
  return perHash;
}

let perItem: Amounts | null = null;
/** One item of the dataset with its parents read: 256 that are chosen and mixed, and two permutations. */
export function itemOperations(): Amounts {
  const row = keccakOperations(64, 72, 64);
  perItem ??= sum(row, row, fnvs(PARENTS * (1 + 16)), { 'int-logic': PARENTS + 1 }, remainders(PARENTS + 1));
  return perItem;
}
