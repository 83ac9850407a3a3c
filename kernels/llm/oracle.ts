import { createHash } from 'node:crypto';
import type { Oracle, OracleVerdict } from '../declaration.js';
import { U16 } from '../f16.js';
import { randomWords } from '../random.js';
import type { Model, WeightType } from './models.js';
import { add, type Cache, cacheRow, ExactModel, type LlmInput, type LlmOutput } from './reference.js';

/**
 * A block rounds to f16 at its norm, its products, the turned queries and keys, the weights' sum and the gate, each to
 * one of two neighbours (2·u₁₆), and its products may add up in f16: some thirty roundings, not all in one direction.
 */
export const BLOCK_BOUND = 64 * U16;
/** Logits that are compared where there are too many. */
const SAMPLED_ROWS = 256;
/** Positions whose first keys and values are made again from their tokens. */
const SAMPLED_POSITIONS = 6;
/** Layers that are computed on the CPU where the model is large. */
const SAMPLED_LAYERS = 2;
const SMALL = 2 ** 23;

type Judge = (got: ArrayLike<number>, want: ArrayLike<number>, scale: number, what: string) => void;

/** √Σx². */
export const norm = (x: ArrayLike<number>): number =>
  Math.sqrt(Array.prototype.reduce.call(x, (s, v) => (s as number) + (v as number) ** 2, 0) as number);

/**
 * Judges a model block by block: the state of the last token before a block, as the device had it, is taken through that
 * block in f64, with the device's own keys and values of the earlier tokens, and must come out as the device's state
 * behind it; logits must follow from the last state, what was sampled from the logits, and the first layer's keys and
 * values of sampled tokens from their embedding. So errors cannot hide in the length of the chain.
 */
export function llmOracle(model: Model, type: WeightType, input: LlmInput, seed: number): Oracle<LlmOutput> {
  const exact = new ExactModel(model, type);
  const length = Math.max(input.tokens.length, input.generate);
  const next = randomWords(seed ^ 0x4c4c4d);
  const small = model.layers * model.width * model.hidden <= SMALL;
  const layers = small
    ? Array.from({ length: model.layers }, (_, i) => i)
    : [...new Set(Array.from({ length: SAMPLED_LAYERS }, () => next() % model.layers))];
  const rows = small ? undefined : Array.from({ length: SAMPLED_ROWS }, () => next() % model.vocabulary);
  const positions = [...new Set([0, length - 1, ...Array.from({ length: SAMPLED_POSITIONS }, () => next() % length)])];
  // Every round asks for the same tokens' again, and the weights of a large model take seconds to make.
  const projections = new Map<string, ReturnType<ExactModel['project']>>();
  const ofToken = (token: number, position: number) => {
    const name = `${token}@${position}`;
    const made = projections.get(name) ?? exact.project(0, exact.embedding(token), position);
    projections.set(name, made);
    return made;
  };
  const verdicts = new Map<string, OracleVerdict>();
  return {
    method:
      `state of the last token through ${small ? 'every block' : `the blocks of layers ${layers.join(', ')}`} in f64; ` +
      `${rows ? `${SAMPLED_ROWS} sampled` : 'all'} logits; keys and values of ${positions.length} tokens in the first layer; every sampled token`,
    tolerance: {
      kind: 'bound',
      bound: BLOCK_BOUND,
      reason: '‖error‖ / ‖what the block adds‖ ≤ 64·u₁₆: some thirty roundings to f16 in a block, sums in f16 or f32',
    },
    check(output): OracleVerdict {
      const wrong = wrongSize(model, input, output) ?? wrongTokens(input, output);
      if (wrong !== undefined) return { correct: false, maxError: null, detail: wrong };
      // Round after round a variant writes the same again.
      const digest = digestOf(output, layers);
      const verdict = verdicts.get(digest) ?? judged(output);
      verdicts.set(digest, verdict);
      return verdict;
    },
  };

  function judged(output: LlmOutput): OracleVerdict {
    let maxError = 0;
    let detail: string | undefined;
    const judge: Judge = (got, want, scale, what) => {
      const error = norm(Float64Array.from(want, (x, i) => x - (got[i] as number))) / scale;
      if (!(error <= BLOCK_BOUND)) detail ??= `${what}: off by ${error.toPrecision(2)} of ‖what it should be‖`;
      if (Number.isFinite(error)) maxError = Math.max(maxError, error);
    };
    const { trace, logits } = output;
    const tokenAt = (p: number) => (input.generate > 0 && p > 0 ? output.sampled[p - 1] : input.tokens[p]) as number;
    const first = exact.embedding(tokenAt(length - 1));
    judge(trace[0] as Float32Array, first, norm(first), 'embedding of the last token');
    const firstLayer = cacheOf(model, output, 0);
    for (const p of positions) {
      const { k, v } = ofToken(tokenAt(p), p);
      judge(firstLayer.key(p), k, norm(k), `first layer’s key at position ${p}`);
      judge(firstLayer.value(p), v, norm(v), `first layer’s value at position ${p}`);
    }
    for (const layer of layers) {
      const [x, between, after] = [2 * layer, 2 * layer + 1, 2 * layer + 2].map((i) => trace[i] as Float32Array) as [
        Float32Array,
        Float32Array,
        Float32Array,
      ];
      const cache = cacheOf(model, output, layer);
      const { q, k, v } = exact.project(layer, x, length - 1);
      judge(cache.key(length - 1), k, norm(k), `layer ${layer}, last key`);
      judge(cache.value(length - 1), v, norm(v), `layer ${layer}, last value`);
      const attended = exact.attend(layer, q, cache, length - 1);
      judge(between, add(x, attended), norm(attended), `layer ${layer}, attention`);
      const fed = exact.feedForward(layer, between);
      judge(after, add(between, fed), norm(fed), `layer ${layer}, feed-forward`);
    }
    const want = exact.logits(trace[2 * model.layers] as Float32Array, rows);
    judge(rows ? rows.map((row) => logits[row] as number) : logits, want, norm(want), 'logits');
    return detail === undefined ? { correct: true, maxError } : { correct: false, maxError, detail };
  }
}

/** Of everything that is judged. */
function digestOf({ logits, sampled, trace, keys, values }: LlmOutput, layers: readonly number[]): string {
  const hash = createHash('sha256');
  const cached = [0, ...layers].flatMap((layer) => [keys[layer], values[layer]] as Float32Array[]);
  for (const array of [logits, sampled, ...trace, ...cached]) hash.update(array);
  return hash.digest('hex');
}

function cacheOf(model: Model, { keys, values }: LlmOutput, layer: number): Cache {
  return {
    key: (position) => cacheRow(keys[layer] as Float32Array, model, position),
    value: (position) => cacheRow(values[layer] as Float32Array, model, position),
  };
}

function wrongSize(model: Model, { tokens, generate }: LlmInput, output: LlmOutput): string | undefined {
  const cache = model.kvHeads * Math.max(tokens.length, generate) * model.headSize;
  const sizes: [string, number | undefined, number][] = [
    ['logits', output.logits?.length, model.vocabulary],
    ['sampled', output.sampled?.length, Math.max(1, generate)],
    ['trace', output.trace?.length, 2 * model.layers + 1],
    ...(output.trace ?? []).map((row, i): [string, number, number] => [`trace[${i}]`, row.length, model.width]),
    ...(output.keys ?? []).map((row, i): [string, number, number] => [`keys[${i}]`, row.length, cache]),
    ...(output.values ?? []).map((row, i): [string, number, number] => [`values[${i}]`, row.length, cache]),
  ];
  return wrongLength(sizes);
}

/** The first output that has another number of elements than it should, in words. */
export function wrongLength(
  sizes: readonly (readonly [name: string, got: number | undefined, want: number])[],
): string | undefined {
  const wrong = sizes.find(([, got, want]) => got !== want);
  return wrong && `${wrong[0]} must hold ${wrong[2]} elements, got ${wrong[1] ?? 'none'}`;
}

/** The last token that was sampled must be the first of the largest logits. */
function wrongTokens({ generate }: LlmInput, { logits, sampled }: LlmOutput): string | undefined {
  let largest = 0;
  for (let i = 1; i < logits.length; i++) if ((logits[i] as number) > (logits[largest] as number)) largest = i;
  const got = sampled.at(-1);
  if (got !== largest) return `sampled[${Math.max(0, generate - 1)}]: the largest logit is ${largest}, got ${got}`;
  const bad = sampled.findIndex((token) => token >= logits.length);
  return bad < 0 ? undefined : `sampled[${bad}] is no token: ${sampled[bad]}`;
}
