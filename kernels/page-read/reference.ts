import type { Oracle, Shape } from '../declaration.js';

/** Bytes of a page, as Ethash has them: one line of a card's memory. */
export const PAGE_BYTES = 128;
/** Pages that one chain visits, as many as a hash of Ethash. */
export const STEPS = 64;

export interface PageReadInput {
  /** Of the buffer that pages are read from: a power of two, 256 or more. */
  readonly bytes: number;
  /** Read in all: a multiple of 64, the pages of one chain. */
  readonly pages: number;
  /** Where the chains begin. */
  readonly seed: number;
}

export interface PageReadOutput {
  /** For each chain a word made of everything that it has read and where it ended. */
  readonly ends: Uint32Array;
}

/** 32 − log₂ of the number of pages: the state's upper bits choose the page. */
export const shiftOf = (bytes: number): number => 32 - Math.log2(bytes / PAGE_BYTES);

const turn = (x: number, n: number) => (x << (n & 31)) | (x >>> (32 - (n & 31)));

/** A page's link: MurmurHash3's finaliser (Appleby). */
export function link(page: number): number {
  let h = (page + 0x9e3779b9) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/**
 * A chain followed without the buffer. What its slices hold besides the link are rotations of the link, and a
 * rotation of an exclusive or is the exclusive or of rotations: one sum of links gives every slice's.
 */
export function follow(start: number, shift: number): number {
  let state = link(start);
  let links = 0;
  for (let step = 0; step < STEPS; step++) {
    const l = link(state >>> shift);
    links ^= l;
    state = (Math.imul(state ^ l, 0x9e3779b1) + 0x7f4a7c15) | 0;
  }
  let end = 0;
  for (let slice = 0; slice < 8; slice++) {
    const n = 4 * slice;
    const sum = turn(links, n + 1) ^ turn(links, n + 2) ^ turn(links, n + 3);
    end = (end + Math.imul(sum ^ state, 2 * slice + 1)) | 0;
  }
  return end >>> 0;
}

export function pageReadReference(_shape: Shape, { bytes, pages, seed }: PageReadInput): PageReadOutput {
  const shift = shiftOf(bytes);
  return { ends: Uint32Array.from({ length: pages / STEPS }, (_, chain) => follow(seed + chain, shift)) };
}

/** Every chain followed on the CPU, exactly. */
export function pageReadOracle(shape: Shape, input: PageReadInput): Oracle<PageReadOutput> {
  const { ends: want } = pageReadReference(shape, input);
  const wrong = (detail: string) => ({ correct: false, maxError: null, detail });
  return {
    method: 'every chain of pages followed on the CPU, and the exclusive or of every slice read',
    tolerance: { kind: 'exact' },
    check({ ends }) {
      if (!(ends instanceof Uint32Array) || ends.length !== want.length)
        return wrong(`ends must hold ${want.length} words, got ${ends?.length ?? 'none'}`);
      const at = ends.findIndex((word, i) => word !== want[i]);
      return at < 0 ? { correct: true, maxError: 0 } : wrong(`chain ${at}: expected ${want[at]}, got ${ends[at]}`);
    },
  };
}
