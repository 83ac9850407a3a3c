import type { Axis, Shape } from '../declaration.js';

export const TOKENS: Axis = { name: 'tokens', token: 'q', meaning: 'tokens that go through', min: 1, max: 65536 };
export const CONTEXT: Axis = {
  ...{ name: 'context', token: 'k', meaning: 'tokens that the last of them sees, itself and its like included' },
  ...{ min: 1, max: 2 ** 17 },
};

export interface BlockSizes {
  readonly tokens: number;
  readonly context: number;
}

export const sizesOf = (shape: Shape): BlockSizes => shape as unknown as BlockSizes;

/** Pairs of a token and one that it sees: all earlier ones, and of those that go through itself and what precedes it. */
export const visiblePairs = ({ tokens, context }: BlockSizes): number =>
  tokens * (context - tokens) + (tokens * (tokens + 1)) / 2;
