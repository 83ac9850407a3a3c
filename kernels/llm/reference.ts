import { exactRmsnorm } from '../rmsnorm/reference.js';
import { THETA } from '../rope/turns.js';
import {
  embeddingMatrix,
  headMatrix,
  layerMatrices,
  type Matrix,
  type Model,
  normSeed,
  type WeightType,
} from './models.js';
import { matrixRow, normWeights } from './weights.js';

export interface LlmInput {
  /** The prompt, or the one token that generation begins with. */
  readonly tokens: Uint32Array;
  /** Tokens to generate; 0 reads the prompt. */
  readonly generate: number;
}

export interface LlmOutput {
  /** [vocabulary], of the last token that was read. */
  readonly logits: Float32Array;
  /** The token after the prompt, or all that were generated. */
  readonly sampled: Uint32Array;
  /** The state of the last token before each attention and feed-forward block, and at the end: 2 · layers + 1 rows. */
  readonly trace: readonly Float32Array[];
  /** By layer, [kvHeads, positions, headSize], keys turned by their positions. */
  readonly keys: readonly Float32Array[];
  readonly values: readonly Float32Array[];
}

/** Keys and values of one layer, by position: [kvHeads · headSize] each. */
export interface Cache {
  key(position: number): ArrayLike<number>;
  value(position: number): ArrayLike<number>;
}

/** One model's arithmetic in f64, a token and a block at a time. */
export class ExactModel {
  readonly model: Model;
  readonly type: WeightType;
  readonly #rows = new Map<string, Float64Array>();
  constructor(model: Model, type: WeightType) {
    this.model = model;
    this.type = type;
  }

  embedding(token: number): Float64Array {
    return matrixRow(embeddingMatrix(this.model), token);
  }

  norm(index: number, x: ArrayLike<number>): Float64Array {
    const weight = Float32Array.from(normWeights(this.model.width, normSeed(index)));
    const row = Float64Array.from(x) as unknown as Float32Array;
    return exactRmsnorm({ rows: 1, width: this.model.width, x: row, weight });
  }

  /** Rows of matrix · x: all, or those that are named. */
  multiply(matrix: Matrix, x: Float64Array, rows?: readonly number[]): Float64Array {
    return this.multiplyEach(matrix, [x], rows)[0] as Float64Array;
  }

  /** The same of several x; each row of weights is made once. */
  multiplyEach(matrix: Matrix, xs: readonly Float64Array[], rows?: readonly number[]): Float64Array[] {
    const { n, k } = matrix;
    const wanted = rows ?? Array.from({ length: n }, (_, row) => row);
    const products = xs.map(() => new Float64Array(wanted.length));
    for (const [at, row] of wanted.entries()) {
      const weights = this.#row(matrix, row);
      for (const [which, x] of xs.entries()) {
        let sum = 0;
        for (let i = 0; i < k; i++) sum += (weights[i] as number) * (x[i] as number);
        (products[which] as Float64Array)[at] = sum;
      }
    }
    return products;
  }

  /** Queries and keys turned by the position, values as they are, of a token's state before a layer. */
  project(layer: number, x: ArrayLike<number>, position: number) {
    const { heads, kvHeads, headSize } = this.model;
    const all = this.multiply(layerMatrices(this.model, layer, this.type).qkv, this.norm(2 * layer, x));
    const q = all.subarray(0, heads * headSize);
    const k = all.subarray(heads * headSize, (heads + kvHeads) * headSize);
    for (const part of [q, k]) turnRow(part, headSize, position);
    return { q, k, v: all.subarray((heads + kvHeads) * headSize) };
  }

  /** What the attention block adds to the state, the last key being the token's own. */
  attend(layer: number, q: Float64Array, cache: Cache, position: number): Float64Array {
    return this.multiply(layerMatrices(this.model, layer, this.type).o, this.mix(q, cache, position));
  }

  /** Every head's mean of the values up to a position, weighted by softmax(q · k / √headSize). */
  mix(q: Float64Array, cache: Cache, position: number): Float64Array {
    const { heads, kvHeads, headSize } = this.model;
    const out = new Float64Array(heads * headSize);
    const group = heads / kvHeads;
    for (let h = 0; h < heads; h++) {
      const at = Math.floor(h / group) * headSize;
      const scores = new Float64Array(position + 1);
      for (let p = 0; p <= position; p++) {
        const key = cache.key(p);
        let sum = 0;
        for (let i = 0; i < headSize; i++) sum += (q[h * headSize + i] as number) * (key[at + i] as number);
        scores[p] = sum / Math.sqrt(headSize);
      }
      const largest = scores.reduce((a, b) => Math.max(a, b));
      const weights = scores.map((s) => Math.exp(s - largest));
      const total = weights.reduce((a, b) => a + b, 0);
      for (let p = 0; p <= position; p++) {
        const value = cache.value(p);
        for (let i = 0; i < headSize; i++)
          out[h * headSize + i] =
            (out[h * headSize + i] as number) + ((weights[p] as number) / total) * (value[at + i] as number);
      }
    }
    return out;
  }

  /** What the feed-forward block adds to the state. */
  feedForward(layer: number, x: ArrayLike<number>): Float64Array {
    return this.feedForwardEach(layer, [x])[0] as Float64Array;
  }

  /** The same of several states. */
  feedForwardEach(layer: number, xs: readonly ArrayLike<number>[]): Float64Array[] {
    const { hidden } = this.model;
    const { gateUp, down } = layerMatrices(this.model, layer, this.type);
    const both = this.multiplyEach(
      gateUp,
      xs.map((x) => this.norm(2 * layer + 1, x)),
    );
    const acts = both.map((row) =>
      Float64Array.from({ length: hidden }, (_, i) => {
        const gate = row[i] as number;
        return (gate / (1 + Math.exp(-gate))) * (row[hidden + i] as number);
      }),
    );
    return this.multiplyEach(down, acts);
  }

  logits(x: ArrayLike<number>, rows?: readonly number[]): Float64Array {
    return this.multiply(headMatrix(this.model, this.type), this.norm(2 * this.model.layers, x), rows);
  }

  /** Rows are made once, as long as that takes no more than some 200 MB. */
  #row(matrix: Matrix, row: number): Float64Array {
    if (matrix.n * matrix.k > 2 ** 20) return matrixRow(matrix, row);
    const name = `${matrix.name}#${row}`;
    let weights = this.#rows.get(name);
    if (!weights) {
      weights = matrixRow(matrix, row);
      this.#rows.set(name, weights);
    }
    return weights;
  }
}

/** Turns the heads of a token by its position, in place (halves of a head are pairs, as in `rope`). */
export function turnRow(x: Float64Array, size: number, position: number): void {
  for (let at = 0; at < x.length; at += size)
    for (let i = 0; i < size / 2; i++) {
      const angle = position * THETA ** ((-2 * i) / size);
      const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
      const [low, high] = [x[at + i] as number, x[at + i + size / 2] as number];
      x[at + i] = low * cos - high * sin;
      x[at + i + size / 2] = high * cos + low * sin;
    }
}

export const add = (x: ArrayLike<number>, y: ArrayLike<number>): Float64Array =>
  Float64Array.from(x, (value, i) => value + (y[i] as number));

/** Keys or values by position, each [kvHeads · headSize], as the device's cache has them: [kvHeads, positions, headSize]. */
export function byHead(rows: readonly Float64Array[], kvHeads: number, headSize: number): Float32Array {
  const out = new Float32Array(kvHeads * rows.length * headSize);
  for (const [position, row] of rows.entries())
    for (let h = 0; h < kvHeads; h++)
      out.set(row.subarray(h * headSize, (h + 1) * headSize), (h * rows.length + position) * headSize);
  return out;
}

/** A cache's row of one position, [kvHeads · headSize]: the way back from `byHead`. */
export function cacheRow(all: Float32Array, { kvHeads, headSize }: Model, position: number): Float32Array {
  const out = new Float32Array(kvHeads * headSize);
  const length = all.length / out.length;
  for (let h = 0; h < kvHeads; h++) {
    const at = (h * length + position) * headSize;
    out.set(all.subarray(at, at + headSize), h * headSize);
  }
  return out;
}

/** The whole model in f64, token by token; what is sampled is read next when generating. */
export function exactRun(exact: ExactModel, { tokens, generate }: LlmInput): LlmOutput {
  const { layers, width, kvHeads, headSize } = exact.model;
  const length = Math.max(tokens.length, generate);
  const caches = Array.from({ length: layers }, () => ({ k: [] as Float64Array[], v: [] as Float64Array[] }));
  const sampled: number[] = [];
  let trace: Float64Array[] = [];
  let logits = new Float64Array(0);
  for (let position = 0; position < length; position++) {
    const token = generate > 0 && position > 0 ? sampled[position - 1] : tokens[position];
    let x: Float64Array = exact.embedding(token as number);
    trace = [x];
    for (let layer = 0; layer < layers; layer++) {
      const cache = caches[layer] as (typeof caches)[number];
      const { q, k, v } = exact.project(layer, x, position);
      cache.k.push(k);
      cache.v.push(v);
      const view = { key: (p: number) => cache.k[p] as Float64Array, value: (p: number) => cache.v[p] as Float64Array };
      x = add(x, exact.attend(layer, q, view, position));
      trace.push(x);
      x = add(x, exact.feedForward(layer, x));
      trace.push(x);
    }
    if (generate === 0 && position < length - 1) continue;
    logits = Float64Array.from(exact.logits(x));
    sampled.push(logits.indexOf(logits.reduce((a, b) => Math.max(a, b))));
  }
  return {
    logits: Float32Array.from(logits),
    sampled: Uint32Array.from(sampled),
    trace: trace.map((row) => Float32Array.from(row.subarray(0, width))),
    keys: caches.map(({ k }) => byHead(k, kvHeads, headSize)),
    values: caches.map(({ v }) => byHead(v, kvHeads, headSize)),
  };
}
