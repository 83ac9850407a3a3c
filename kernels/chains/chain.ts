import type { Axis } from '../declaration.js';
import type { Domain } from './domain.js';
import type { Iterate } from './replay.js';

/** One way to keep a unit busy. */
export interface ChainVariant {
  readonly id: string;
  readonly story: string;
  /** Defines `iterate`, see `main.wgsl`. */
  readonly wgsl: string;
  readonly iterate: Iterate;
}

/** The WGSL type of a vector of four values, and the module that makes it of buffers' words. */
export interface Vector {
  readonly alias: string;
  readonly module: string;
  readonly enables?: readonly string[];
}
export const VEC4_U32: Vector = { alias: 'vec4<u32>', module: 'chains/u32.wgsl' };

/** A kernel that is nothing but chains of one kind of operation in registers. */
export interface Chain {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  readonly unit: 'iop' | 'flop';
  /** Operations that one iteration counts, on all sixteen values, whatever the variant. */
  readonly operations: number;
  /** What they are, e.g. `64 additions on each of 16 words`. */
  readonly iteration: string;
  readonly vector: Vector;
  readonly modules?: readonly string[];
  /** Features of the adapter, and of the language. */
  readonly requires?: readonly string[];
  readonly languageFeatures?: readonly string[];
  /** What the sixteen values of a start may be, and the eight terms. */
  start(index: number): Domain;
  term(index: number): Domain;
  readonly maxIterations: number;
  readonly variants: readonly [ChainVariant, ...ChainVariant[]];
}

export type ChainAxes = Readonly<Record<'invocations' | 'iterations', Axis>>;
