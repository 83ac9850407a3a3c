import type { Bound } from '../declaration.js';
import { K, sigma0, sigma1 } from './compress.js';

/**
 * Integer operations of one hash that depend on its message: exact counts, got by running the algorithm on symbols
 * that say what is known beforehand. Three-input logic functions and additions of up to three operands count as
 * one, as GPUs do them (NVIDIA: LOP3, IADD3), and so does a plain shift, which is a funnel shift like a rotation.
 * Byte order, index arithmetic and the test of the last word are left out: some ten operations.
 */
export interface Operations {
  readonly rotates: number;
  readonly logic: number;
  /** The fewest additions of up to three operands. */
  readonly adds3: number;
  /** The fewest additions of two, for the same sums. */
  readonly adds2: number;
}

/** A number is a literal in the program; `host` is known before the first nonce; `varies` is not. */
export type Term = number | 'host' | 'varies';
type State = readonly Term[];

export const times = (n: number, term: Term): Term[] => Array<Term>(n).fill(term);

/** The sum's kind, and the additions of two operands that it takes when everything known is one operand. */
function sum(terms: readonly Term[]): { value: Term; adds: number } {
  const varying = terms.filter((t) => t === 'varies').length;
  const literal = terms.reduce<number>((total, t) => (typeof t === 'number' ? (total + t) >>> 0 : total), 0);
  const known: Term = terms.includes('host') ? 'host' : literal;
  if (varying === 0) return { value: known, adds: 0 };
  return { value: 'varies', adds: varying - 1 + (known === 0 ? 0 : 1) };
}

export class Counter {
  rotates = 0;
  logic = 0;
  adds3 = 0;
  adds2 = 0;

  /** @param short rounds in the order of sha256-round-short.wgsl, where e is a sum of its own and a is got from it */
  constructor(readonly short = false) {}

  /** Three rotations or shifts and an exclusive or of three. */
  sigma(x: Term, literal?: (x: number) => number): Term {
    if (x !== 'varies') return typeof x === 'number' && literal ? literal(x) >>> 0 : 'host';
    this.rotates += 3;
    this.logic += 1;
    return 'varies';
  }

  /** ch or maj. */
  choice(...of: readonly Term[]): Term {
    if (!of.includes('varies')) return 'host';
    this.logic += 1;
    return 'varies';
  }

  /** Sums that are wanted together, each in the cheapest of several orders. */
  sums(...orders: readonly (readonly (readonly Term[])[])[]): void {
    const adds = orders.map((order) => order.map((terms) => sum(terms).adds));
    this.adds2 += Math.min(...adds.map((order) => order.reduce((total, n) => total + n, 0)));
    this.adds3 += Math.min(...adds.map((order) => order.reduce((total, n) => total + Math.ceil(n / 2), 0)));
  }

  add(...terms: readonly Term[]): Term {
    this.sums([terms]);
    return sum(terms).value;
  }

  /** One round. `part`: of the last rounds before an early exit only the new e is wanted. */
  round([a, b, c, d, e, f, g, h]: State, constant: number, word: Term, part: 'both' | 'e' = 'both'): Term[] {
    const terms = [h, this.sigma(e as Term), this.choice(e as Term, f as Term, g as Term), constant, word] as Term[];
    if (part === 'e') return ['host', a, b, c, this.add(d as Term, ...terms), e, f, g] as Term[];
    const terms2 = [this.sigma(a as Term), this.choice(a as Term, b as Term, c as Term)];
    const t1 = sum(terms).value;
    const [varying, known] = [terms.filter((t) => t === 'varies'), sum(terms.filter((t) => t !== 'varies')).value];
    const x = sum(varying).value;
    this.sums(
      // T1 whole, as the standard has it,
      this.short
        ? [
            [d as Term, ...terms],
            [t1, ...terms2, d as Term],
          ]
        : [terms, [d as Term, t1], [t1, ...terms2]],
      // or only what varies in it, so that what is known meets d, Σ0 and maj.
      [varying, [x, known, d as Term], [x, known, ...terms2]],
    );
    return [sum([t1, ...terms2]).value, a, b, c, sum([d as Term, t1]).value, e, f, g] as Term[];
  }

  get operations(): Operations {
    const { rotates, logic, adds3, adds2 } = this;
    return { rotates, logic, adds3, adds2 };
  }
}

export interface Block {
  readonly state: State;
  /** Sixteen words. */
  readonly words: readonly Term[];
  /** Words of the schedule that are worked out knowing words 4 … 15; to all else these vary. All when absent. */
  readonly seeing?: readonly number[];
  /** The digest's last word alone is wanted, and not even the sum with the chaining value. */
  readonly early?: boolean;
}

/** Runs one compression, counting. */
export function compression(counter: Counter, { state, words, seeing, early = false }: Block): void {
  const w = [...words];
  const rounds = early ? 61 : 64;
  const view = (i: number, t: number): Term =>
    seeing && i >= 4 && i < 16 && !seeing.includes(t) ? 'varies' : (w[i] as Term);
  for (let t = 16; t < rounds; t++) {
    const [w16, w15, w7, w2] = [t - 16, t - 15, t - 7, t - 2].map((i) => view(i, t)) as [Term, Term, Term, Term];
    w.push(counter.add(w16, counter.sigma(w15, sigma0), w7, counter.sigma(w2, sigma1)));
  }
  let s: Term[] = [...state];
  for (let t = 0; t < rounds; t++) s = counter.round(s, K[t] as number, view(t, t), early && t >= 57 ? 'e' : 'both');
  // Early: the chaining value is part of round 60's constant.
  if (!early) for (const [i, term] of s.entries()) counter.add(state[i] as Term, term);
}

/** A chaining value of which nothing is known. */
export const OPAQUE: State = times(8, 'varies');

/** One compression of which nothing is known: a block of a plain hash. */
export function compressionOperations(): Operations {
  const counter = new Counter();
  compression(counter, { state: OPAQUE, words: times(16, 'varies') });
  return counter.operations;
}

/** The least time of `hashes` hashes on a device whose ceilings have been measured: by additions of three, or of two. */
export function integerBound({ rotates, logic, adds3, adds2 }: Operations, hashes: number): Bound {
  const shared = { 'int-rotate': rotates * hashes, 'int-logic': logic * hashes };
  return {
    id: 'integer',
    kind: 'integer',
    ways: [
      { ...shared, 'int-add3': adds3 * hashes },
      { ...shared, 'int-add': adds2 * hashes },
    ],
    mixture: { 'int-sha256': (rotates + logic + adds3) * hashes },
  };
}
