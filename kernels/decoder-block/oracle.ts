import type { Oracle, OracleVerdict } from '../declaration.js';
import type { Model, WeightType } from '../llm/models.js';
import { BLOCK_BOUND, norm, wrongLength } from '../llm/oracle.js';
import { add, cacheRow } from '../llm/reference.js';
import { randomWords } from '../random.js';
import { type BlockInput, type BlockOutput, exactBlock } from './reference.js';
import type { BlockSizes } from './sizes.js';

/** Tokens whose whole way through the layer is computed where there are too many. */
const SAMPLED_TOKENS = 4;
/** Multiplications that all tokens may cost. */
const AFFORDABLE = 2 ** 27;

/** Every token where that is affordable, else the first, the last and some between. */
function judgedTokens(model: Model, tokens: number, seed: number): readonly number[] {
  const all = Array.from({ length: tokens }, (_, t) => t);
  if (tokens <= SAMPLED_TOKENS || tokens * model.width * model.hidden * 4 <= AFFORDABLE) return all;
  const next = randomWords(seed ^ 0x424c4b);
  const between = Array.from({ length: SAMPLED_TOKENS - 2 }, () => next() % tokens);
  return [...new Set([0, tokens - 1, ...between])].sort((a, b) => a - b);
}

/**
 * Judges a layer by f64 from its inputs alone: every new key and value, the earlier ones bit by bit, and the state
 * behind it, of all tokens or of some.
 *
 * A row is off by ‖error‖ ≤ 64·u₁₆·(what was added up), as in the oracle of whole models: some thirty roundings to f16
 * in each of the two blocks. What the second block adds moves by twice the relative error of its input besides, since
 * gate and up are multiplied; and a state that is kept in f16 is rounded to one of two neighbours twice, 4·u₁₆ of itself.
 * An element by itself may be off by (64 + 2·√hidden)·u₁₆ of the row's mean size: sums of `hidden` products in f16 go
 * astray by √hidden roundings, and the worst of thousands of elements is some times further out than the mean. Its error
 * is told in the same measure, as if 64·u₁₆ were its bound.
 */
export function blockOracle(
  model: Model,
  type: WeightType,
  { tokens, context }: BlockSizes,
  input: BlockInput,
  seed: number,
): Oracle<BlockOutput> {
  const { width, kvHeads, headSize, hidden } = model;
  const judged = judgedTokens(model, tokens, seed);
  const exact = exactBlock(model, type, input, judged);
  const past = context - tokens;
  const perElement = 1 + (2 * Math.sqrt(hidden)) / 64;
  /** Of a row, in units that are bounded by `BLOCK_BOUND`. */
  const errorOf = (got: ArrayLike<number>, want: ArrayLike<number>, size: number): number => {
    const errors = Float64Array.from(want, (x, i) => Math.abs(x - (got[i] as number)));
    let worst = 0;
    for (const error of errors) if (!(error <= worst)) worst = error;
    return Math.max(norm(errors) / size, worst / (perElement * (size / Math.sqrt(want.length))));
  };
  return {
    method: `out of ${judged.length === tokens ? 'every token' : `tokens ${judged.join(', ')}`}, all new keys and values in f64; earlier ones exactly`,
    tolerance: {
      kind: 'bound',
      bound: BLOCK_BOUND,
      reason:
        '‖error‖ / ‖what was added up‖ ≤ 64·u₁₆ by rows, and by elements (64 + 2·√hidden)·u₁₆ of their mean size: some ' +
        'thirty roundings to f16 in a block, sums in f16 or f32',
    },
    check(output): OracleVerdict {
      const short = wrongLength([
        ['out', output.out?.length, tokens * width],
        ['keys', output.keys?.length, kvHeads * context * headSize],
        ['values', output.values?.length, kvHeads * context * headSize],
      ]);
      if (short !== undefined) return { correct: false, maxError: null, detail: short };
      let maxError: number | null = 0;
      let detail: string | undefined;
      const judge = (got: ArrayLike<number>, want: ArrayLike<number>, size: number, what: string) => {
        const error = errorOf(got, want, size);
        if (!(error <= BLOCK_BOUND)) detail ??= `${what}: off by ${error.toPrecision(2)} of ‖what it should be‖`;
        if (Number.isNaN(error)) maxError = null;
        else if (maxError !== null) maxError = Math.max(maxError, error);
      };
      for (const name of ['keys', 'values'] as const)
        for (let p = 0; p < context; p++) {
          const got = cacheRow(output[name], model, p);
          const want = exact[name][p] as Float64Array;
          if (p >= past) judge(got, want, norm(want), `${name} at position ${p}`);
          else if (got.some((x, i) => x !== want[i])) {
            detail ??= `${name} at position ${p}: an earlier token’s, must be as it was given`;
            maxError = null;
          }
        }
      for (const { token, attended, fed, out } of exact.rows) {
        const got = output.out.subarray(token * width, (token + 1) * width);
        const between = add(
          out,
          fed.map((x) => -x),
        );
        const size = norm(attended) + (1 + (2 * norm(attended)) / norm(between)) * norm(fed) + norm(out) / 16;
        judge(got, out, size, `out of token ${token}`);
      }
      return { correct: detail === undefined, maxError, ...(detail !== undefined && { detail }) };
    },
  };
}
