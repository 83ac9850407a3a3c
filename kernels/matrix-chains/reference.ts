import type { Oracle } from '../declaration.js';

/** Rows, columns and depth of a block. */
export const SIDE = 32;
export const AREA = SIDE * SIDE;
/** Different starts; block i has start i mod 61, a prime, so that neighbours and workgroups differ. */
export const STARTS = 61;
/** How often an iteration adds the product of both lefts. */
export const REPEATS = 4;
/** Operations of one iteration of one block: products of two lefts, multiplication and addition counted apart. */
export const OPERATIONS = REPEATS * 2 * 2 * SIDE ** 3;

/** Whole numbers, matrices row by row. */
export interface MatrixInput {
  readonly blocks: number;
  readonly iterations: number;
  /** Two matrices of 32×32. */
  readonly lefts: Int8Array;
  /** 32×32. */
  readonly right: Int8Array;
  /** 61 matrices of 32×32. */
  readonly starts: Int16Array;
}

export interface MatrixOutput {
  /** For each block one word per column, made of its 32 elements and the block's number. */
  readonly ends: Uint32Array;
}

/** What the blocks' sums can come to. */
export interface Growth {
  /** (left 0 + left 1) · right: what a repeat adds to a block. */
  readonly step: Int32Array;
  /** No partial sum is further from zero, in whatever order products are added. */
  readonly most: number;
}

export function growth({ iterations, lefts, right, starts }: MatrixInput): Growth {
  const step = new Int32Array(AREA);
  let [most, once] = [0, 0];
  for (let row = 0; row < SIDE; row++)
    for (let column = 0; column < SIDE; column++) {
      let [sum, size, single] = [0, 0, 0];
      for (let deep = 0; deep < SIDE; deep++) {
        const [a, z] = [lefts[row * SIDE + deep] as number, lefts[AREA + row * SIDE + deep] as number];
        const b = right[deep * SIDE + column] as number;
        sum += (a + z) * b;
        size += Math.abs((a + z) * b);
        // Of a repeat, the products with one left may be added and those with the other not yet.
        single += Math.max(Math.abs(a * b), Math.abs(z * b));
      }
      step[row * SIDE + column] = sum;
      most = Math.max(most, size);
      once = Math.max(once, single);
    }
  const start = starts.reduce((far, x) => Math.max(far, Math.abs(x)), 0);
  return { step, most: start + REPEATS * iterations * most + once };
}

/** One word per column, as `main.wgsl` makes it, without the block's number. */
export function fold(block: ArrayLike<number>): Uint32Array {
  return Uint32Array.from({ length: SIDE }, (_, column) => {
    let word = 0;
    for (let row = 0; row < SIDE; row++) word = (Math.imul(word, 37) + (block[row * SIDE + column] as number)) | 0;
    return word;
  });
}

/** Every repeat adds the same product, and all sums are exact, so that all of them are one multiplication. */
export function replay(input: MatrixInput): Uint32Array {
  const { step } = growth(input);
  const times = REPEATS * input.iterations;
  const folded = Array.from({ length: STARTS }, (_, s) =>
    fold(step.map((x, i) => (input.starts[s * AREA + i] as number) + times * x)),
  );
  return Uint32Array.from(
    { length: SIDE * input.blocks },
    (_, i) => (folded[Math.floor(i / SIDE) % STARTS]?.[i % SIDE] as number) + Math.floor(i / SIDE),
  );
}

export function matrixOracle(input: MatrixInput): Oracle<MatrixOutput> {
  const want = replay(input);
  const wrong = (detail: string) => ({ correct: false, maxError: null, detail });
  return {
    method: `every column of every block, against products of whole numbers on the CPU; there are ${STARTS} starts`,
    tolerance: { kind: 'exact' },
    check({ ends }) {
      if (!(ends instanceof Uint32Array) || ends.length !== want.length)
        return wrong(`ends must hold ${want.length} words, got ${ends?.length ?? 'none'}`);
      const at = ends.findIndex((word, i) => word !== want[i]);
      if (at < 0) return { correct: true, maxError: 0 };
      return wrong(`block ${Math.floor(at / SIDE)}, column ${at % SIDE}: expected ${want[at]}, got ${ends[at]}`);
    },
  };
}
