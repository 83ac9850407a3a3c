import type { Kernel, Shape, Variant } from '../declaration.js';
import { InputError, ShapeError } from '../errors.js';
import { floatsFromF16, toF16 } from '../f16.js';
import { layerMatrices, type Model, matrixBytes, models, type WeightType } from '../llm/models.js';
import { type NamedRecipe, recipes } from '../llm/recipes.js';
import { FEW_ROWS } from '../matmul/sizes.js';
import { acceptedInput, blockInput } from './input.js';
import { blockOracle } from './oracle.js';
import { blockPlan } from './plan.js';
import { type BlockInput, type BlockOutput, blockReference } from './reference.js';
import { CONTEXT, sizesOf, TOKENS, visiblePairs } from './sizes.js';

export type { BlockInput, BlockOutput } from './reference.js';

const ID = 'decoder-block';
const shapeFrom = (tokens: number, context: number): Shape => ({ tokens, context });

const manyTokens = (shape: Shape): boolean => sizesOf(shape).tokens > FEW_ROWS;

function checkShape(shape: Shape): void {
  const { tokens, context } = sizesOf(shape);
  if (tokens > context)
    throw new ShapeError(
      `${ID}: context holds the tokens that go through too, so k must be at least q; got q ${tokens} and k ${context}`,
    );
}

function variantOf(
  model: Model,
  type: WeightType,
  { recipe, ...named }: NamedRecipe,
): Variant<BlockInput, BlockOutput> {
  const halves = (bytes: Uint8Array | undefined) => floatsFromF16(bytes as Uint8Array);
  return {
    ...named,
    plan: (shape, _tuning, limits) => blockPlan(model, type, recipe(limits), shape, limits),
    encode: (_shape, _tuning, { hidden, pastKeys, pastValues }) => ({
      hidden: toF16(hidden),
      ...(pastKeys.length > 0 && { pastK: toF16(pastKeys), pastV: toF16(pastValues) }),
    }),
    decode: (_shape, _tuning, read) => ({
      out: halves(read.out),
      keys: halves(read['k.0']),
      values: halves(read['v.0']),
    }),
  };
}

/** The first layer of a model by its published shape, with weights made from a seed on the device. */
function blockOf(model: Model, type: WeightType): Kernel<BlockInput, BlockOutput> {
  const name = `${model.id}-${type}`;
  const { width, heads, kvHeads, headSize } = model;
  const matrices = Object.values(layerMatrices(model, 0, type));
  const multiplications = matrices.reduce((sum, { n, k }) => sum + n * k, 0);
  const weightBytes = matrices.reduce((sum, matrix) => sum + matrixBytes(matrix), 2 * 2 * width);
  const tiny = model.id === 'tiny';
  const kernel: Kernel<BlockInput, BlockOutput> = {
    id: ID,
    family: 'ai',
    type: name,
    title: `One layer of ${model.name}, ${type === 'f16' ? 'f16 weights' : '4-bit weights'}`,
    source: model.source,
    axes: [TOKENS, CONTEXT],
    checkShape,
    // The larger models differ in sizes only, and each takes seconds to judge.
    probes: [...(tiny ? [shapeFrom(1, 1)] : []), shapeFrom(13, 18), shapeFrom(1, 6)],
    pilot: shapeFrom(16, 16),
    // A prompt, and a token after one.
    workloads: tiny ? [shapeFrom(64, 64), shapeFrom(1, 512)] : [shapeFrom(512, 512), shapeFrom(1, 512)],
    input: (shape, seed) => blockInput(model, sizesOf(shape), seed),
    shapeOf(given) {
      const input = acceptedInput(model, `${ID}/${name}`, given);
      const tokens = input.hidden.length / width;
      const shape = shapeFrom(tokens, tokens + input.pastKeys.length / (kvHeads * headSize));
      if (tokens > TOKENS.max || (shape.context as number) > CONTEXT.max)
        throw new InputError(
          `hidden may hold ${TOKENS.max} tokens and the context ${CONTEXT.max}, got ${tokens} and ${shape.context}`,
        );
      return { shape, input };
    },
    reference: (_shape, input) => blockReference(model, type, input),
    oracle: (shape, input, seed) => blockOracle(model, type, sizesOf(shape), input, seed),
    work(shape) {
      const { tokens, context } = sizesOf(shape);
      // Per visible pair a multiplication and an addition per element, for the score and again for the value.
      const attention = 4 * heads * headSize * visiblePairs(sizesOf(shape));
      return {
        operations: 2 * tokens * multiplications + attention,
        unit: 'flop',
        // Weights and earlier keys and values are read, the new ones written: where a cache is kept in place, that is all.
        bytes: weightBytes + 2 * 2 * tokens * width + 2 * 2 * kvHeads * headSize * context,
      };
    },
    bounds(shape) {
      const { operations, bytes } = kernel.work(shape);
      return [
        { id: 'multiply-add', kind: 'float', ways: [{ 'fma-f32': operations }, { 'matrix-f16': operations }] },
        { id: 'bandwidth', kind: 'memory', ways: [{ read: bytes }, { copy: bytes }] },
      ];
    },
    variants: recipes(manyTokens).map((recipe) => variantOf(model, type, recipe)),
    defaultVariant: 'portable',
    preferred: (shape) => (manyTokens(shape) ? ['matrix-units', 'subgroups'] : ['subgroups']),
    memoryNote: () =>
      `a layer of ${model.name} with ${type === 'f16' ? 'f16' : '4-bit'} weights needs ${(weightBytes / 1e6).toPrecision(3)} MB for them alone`,
  };
  return kernel;
}

export const decoderBlocks: readonly Kernel<BlockInput, BlockOutput>[] = models.flatMap((model) => [
  blockOf(model, 'f16'),
  blockOf(model, 'q4'),
]);
