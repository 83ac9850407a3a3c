import type { WantedMatrix } from '../subgroup-matrix.js';

/** A type of left and right, or of the result: its WGSL names and how the CPU lays whole numbers out for it. */
export interface Element {
  /** In a matrix. */
  readonly component: string;
  /** In a buffer. */
  readonly word: string;
  /** Components in one word of a buffer. */
  readonly pack: number;
  readonly bytes: number;
  encode(values: Int8Array | Int16Array): ArrayBufferView;
}

/** One type of sums for a kernel's components. */
export interface MatrixVariant {
  readonly id: string;
  readonly story: string;
  readonly result: WantedMatrix['result'];
  readonly sum: Element;
}

/** A kernel that is nothing but chained products of matrix units on one type of components. */
export interface MatrixChain {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  readonly unit: 'flop' | 'iop';
  readonly component: WantedMatrix['component'];
  readonly element: Element;
  /** Largest of an element of the first left, of the right, and of a start, which are drawn from −most to most. */
  readonly most: { readonly left: number; readonly right: number; readonly start: number };
  /** All sums up to here are exact in every variant's type of sums. */
  readonly exact: number;
  readonly variants: readonly [MatrixVariant, ...MatrixVariant[]];
}
