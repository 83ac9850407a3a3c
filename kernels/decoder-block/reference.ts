import { roundToF16 } from '../f16.js';
import { layerMatrices, type Matrix, type Model, type WeightType } from '../llm/models.js';
import { add, byHead, type Cache, cacheRow, ExactModel, turnRow } from '../llm/reference.js';

export interface BlockInput {
  /** [tokens, width], the state before the layer. */
  readonly hidden: Float32Array;
  /** [kvHeads, earlier tokens, headSize], turned by their positions; empty where there are none. */
  readonly pastKeys: Float32Array;
  readonly pastValues: Float32Array;
}

export interface BlockOutput {
  /** [tokens, width], the state behind the layer. */
  readonly out: Float32Array;
  /** [kvHeads, context, headSize]: the earlier ones and behind them the new ones. */
  readonly keys: Float32Array;
  readonly values: Float32Array;
}

/** A layer in f64. */
export interface ExactBlock {
  /** By position, [kvHeads · headSize] each. */
  readonly keys: readonly Float64Array[];
  readonly values: readonly Float64Array[];
  /** Of the tokens that were asked for: what attention and what the feed-forward block add, and the state behind. */
  readonly rows: readonly {
    readonly token: number;
    readonly attended: Float64Array;
    readonly fed: Float64Array;
    readonly out: Float64Array;
  }[];
}

/** Rows `from` to `to` of a matrix, as indices. */
const span = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

/**
 * @param tokens whose state behind the layer is wanted; keys and values are computed of all
 */
export function exactBlock(model: Model, type: WeightType, input: BlockInput, tokens: readonly number[]): ExactBlock {
  const { width, heads, kvHeads, headSize } = model;
  const exact = new ExactModel(model, type);
  const matrices = layerMatrices(model, 0, type);
  const kvWidth = kvHeads * headSize;
  const past = input.pastKeys.length / kvWidth;
  const count = input.hidden.length / width;
  const states = span(0, count).map((t) => input.hidden.subarray(t * width, (t + 1) * width));
  const normed = states.map((x) => exact.norm(0, x));
  const rowsOf = (matrix: Matrix, of: readonly Float64Array[], from: number, to: number) =>
    exact.multiplyEach(matrix, of, span(from, to));
  const [k, v] = [heads, heads + kvHeads].map((head) =>
    rowsOf(matrices.qkv, normed, head * headSize, head * headSize + kvWidth),
  ) as [Float64Array[], Float64Array[]];
  for (const [t, key] of k.entries()) turnRow(key, headSize, past + t);
  const earlier = (all: Float32Array) => span(0, past).map((p) => Float64Array.from(cacheRow(all, model, p)));
  const keys = [...earlier(input.pastKeys), ...k];
  const values = [...earlier(input.pastValues), ...v];
  const cache: Cache = { key: (p) => keys[p] as Float64Array, value: (p) => values[p] as Float64Array };
  const wanted = tokens.map((t) => normed[t] as Float64Array);
  const q = rowsOf(matrices.qkv, wanted, 0, heads * headSize);
  const mixed = q.map((query, i) => {
    const position = past + (tokens[i] as number);
    turnRow(query, headSize, position);
    return exact.mix(query, cache, position);
  });
  const attended = exact.multiplyEach(matrices.o, mixed);
  const between = attended.map((y, i) => add(states[tokens[i] as number] as Float32Array, y));
  const fed = exact.feedForwardEach(0, between);
  return {
    keys,
    values,
    rows: tokens.map((token, i) => {
      const [a, b, f] = [attended, between, fed].map((all) => all[i] as Float64Array) as [
        Float64Array,
        Float64Array,
        Float64Array,
      ];
      return { token, attended: a, fed: f, out: add(b, f) };
    }),
  };
}

/** The whole layer, rounded once at its end. */
export function blockReference(model: Model, type: WeightType, input: BlockInput): BlockOutput {
  const { width, kvHeads, headSize } = model;
  const { keys, values, rows } = exactBlock(model, type, input, span(0, input.hidden.length / width));
  const out = new Float32Array(input.hidden.length);
  for (const row of rows) out.set(row.out, row.token * width);
  return {
    out: roundToF16(out),
    keys: roundToF16(byHead(keys, kvHeads, headSize)),
    values: roundToF16(byHead(values, kvHeads, headSize)),
  };
}
