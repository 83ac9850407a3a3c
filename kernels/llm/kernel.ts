import { describe, record, wholeNumber } from '../arguments.js';
import type { Axis, Kernel, Shape, Variant } from '../declaration.js';
import { InputError, ShapeError } from '../errors.js';
import { floatsFromF16 } from '../f16.js';
import { randomWords } from '../random.js';
import { asFloats, asWords } from '../views.js';
import {
  type Model,
  matrixBytes,
  models,
  parameterCount,
  tokenMatrices,
  type WeightType,
  weightBytes,
} from './models.js';
import { llmOracle } from './oracle.js';
import { modelPlan } from './plan.js';
import { type NamedRecipe, recipes } from './recipes.js';
import { ExactModel, exactRun, type LlmInput, type LlmOutput } from './reference.js';

export type { LlmInput, LlmOutput } from './reference.js';

const ID = 'llm';
/** Generation keeps the scores of a context in workgroup memory. */
const MOST_GENERATED = 2048;
const PROMPT: Axis = { name: 'pp', token: 'pp', meaning: 'tokens of a prompt', min: 0, max: 2 ** 17, default: 0 };
const GENERATED: Axis = {
  ...{ name: 'tg', token: 'tg', meaning: 'tokens generated, one after the other', min: 0, default: 0 },
  max: MOST_GENERATED,
};

function sizesOf(shape: Shape): { pp: number; tg: number } {
  return shape as { pp: number; tg: number };
}

const readsPrompt = (shape: Shape): boolean => sizesOf(shape).pp > 0;

function checkShape(shape: Shape): void {
  const { pp, tg } = sizesOf(shape);
  if (pp > 0 === tg > 0) throw new ShapeError(`${ID}: either pp or tg must be given, got pp ${pp} and tg ${tg}`);
}

function variantOf(model: Model, type: WeightType, { recipe, ...named }: NamedRecipe): Variant<LlmInput, LlmOutput> {
  const layers = Array.from({ length: model.layers }, (_, layer) => layer);
  const halves = (bytes: Uint8Array | undefined) => floatsFromF16(bytes as Uint8Array);
  return {
    ...named,
    plan: (shape, _tuning, limits) => modelPlan(model, type, recipe(limits), shape, limits),
    encode: (_shape, _tuning, { tokens }) => ({ tokens }),
    decode: (_shape, _tuning, read) => ({
      logits: halves(read.logits),
      sampled: asWords(read.sampled as Uint8Array),
      trace: Array.from({ length: 2 * model.layers + 1 }, (_, i) => asFloats(read[`trace.${i}`] as Uint8Array)),
      keys: layers.map((layer) => halves(read[`k.${layer}`])),
      values: layers.map((layer) => halves(read[`v.${layer}`])),
    }),
  };
}

/** A whole decoder-only model by its published shape, with weights made from a seed on the device. */
function llmOf(model: Model, type: WeightType): Kernel<LlmInput, LlmOutput> {
  const name = `${model.id}-${type}`;
  const perToken = tokenMatrices(model, type);
  const multiplications = perToken.reduce((sum, { n, k }) => sum + n * k, 0);
  const head = perToken.at(-1) as (typeof perToken)[number];
  const readBytes = perToken.reduce((sum, matrix) => sum + matrixBytes(matrix), 0);
  const tiny = model.id === 'tiny';
  const flops = (shape: Shape) => {
    const { pp, tg } = sizesOf(shape);
    // Of a prompt only the last token's logits are computed.
    return 2 * (pp > 0 ? pp * (multiplications - head.n * head.k) + head.n * head.k : tg * multiplications);
  };
  const kernel: Kernel<LlmInput, LlmOutput> = {
    id: ID,
    family: 'ai',
    type: name,
    title: `${model.name}, ${type === 'f16' ? 'f16 weights' : '4-bit weights'}`,
    source: model.source,
    axes: [PROMPT, GENERATED],
    checkShape,
    probes: [
      { pp: 1, tg: 0 },
      { pp: 13, tg: 0 },
      { pp: 0, tg: 3 },
    ],
    pilot: { pp: 16, tg: 0 },
    // llama-bench's own two, for software adapters an eighth of them.
    workloads: tiny
      ? [
          { pp: 64, tg: 0 },
          { pp: 0, tg: 16 },
        ]
      : [
          { pp: 512, tg: 0 },
          { pp: 0, tg: 128 },
        ],
    input(shape, seed) {
      const { pp, tg } = sizesOf(shape);
      const next = randomWords(seed);
      return { tokens: Uint32Array.from({ length: Math.max(1, pp) }, () => next() % model.vocabulary), generate: tg };
    },
    shapeOf(input) {
      const given = record(input, `${ID}/${name}`, ['tokens', 'generate']);
      const generate = wholeNumber(given.generate ?? 0, 'generate', 0, MOST_GENERATED);
      const { tokens } = given;
      if (!(tokens instanceof Uint32Array) || tokens.length === 0 || tokens.length > PROMPT.max)
        throw new InputError(`tokens must be a Uint32Array of 1 to ${PROMPT.max} elements, got ${describe(tokens)}`);
      const at = tokens.findIndex((token) => token >= model.vocabulary);
      if (at >= 0) throw new InputError(`tokens[${at}] must be below ${model.vocabulary}, got ${tokens[at]}`);
      if (generate > 0 && tokens.length > 1)
        throw new InputError(
          `generation begins with one token, got ${tokens.length}; leave generate out to read a prompt`,
        );
      const shape = generate > 0 ? { pp: 0, tg: generate } : { pp: tokens.length, tg: 0 };
      return { shape, input: { tokens, generate } };
    },
    model: {
      name: `${model.name} ${type}`,
      parameters: parameterCount(model),
      weightBytes: weightBytes(model, type),
    },
    reference: (_shape, input) => exactRun(new ExactModel(model, type), input),
    oracle: (_shape, input, seed) => llmOracle(model, type, input, seed),
    work(shape) {
      const { pp, tg } = sizesOf(shape);
      // Weights are read once for a prompt, and once for every token that is generated.
      return { operations: pp + tg, unit: 'token', bytes: readBytes * Math.max(1, tg) };
    },
    bounds: (shape) => [
      { id: 'multiply-add', kind: 'float', ways: [{ 'fma-f32': flops(shape) }, { 'matrix-f16': flops(shape) }] },
      { id: 'weights', kind: 'memory', ways: [{ read: kernel.work(shape).bytes }] },
    ],
    variants: recipes(readsPrompt).map((recipe) => variantOf(model, type, recipe)),
    defaultVariant: 'portable',
    preferred: (shape) => (readsPrompt(shape) ? ['matrix-units', 'subgroups'] : ['subgroups']),
    // What needs nothing is for adapters that have no subgroups.
    shortlist: ['subgroups', 'matrix-units'],
    memoryNote: () =>
      `${model.name} with ${type === 'f16' ? 'f16' : '4-bit'} weights needs ${(weightBytes(model, type) / 1e9).toPrecision(3)} GB for its weights alone`,
  };
  return kernel;
}

export const llms: readonly Kernel<LlmInput, LlmOutput>[] = models.flatMap((model) => [
  llmOf(model, 'f16'),
  llmOf(model, 'q4'),
]);
