import { growing } from '../attention/growing.js';
import { attentionF16 } from '../attention/kernel.js';
import { FEW_QUERIES } from '../attention/limits.js';
import type { Constant, Dispatch, Kernel, Limits, Plan, Shape, Variant } from '../declaration.js';
import { linearGrid } from '../grid.js';
import { matmulF16 } from '../matmul/kernel.js';
import { FEW_ROWS, shapeFrom } from '../matmul/sizes.js';
import { BLOCK } from '../matmul-q4/format.js';
import { matmulQ4 } from '../matmul-q4/kernel.js';
import { EPSILON } from '../rmsnorm/reference.js';
import { turns } from '../rope/turns.js';
import { checkWorkgroup } from '../workgroup.js';
import { Composition } from './composition.js';
import {
  embeddingMatrix,
  headMatrix,
  layerMatrices,
  type Matrix,
  type Model,
  normSeed,
  type WeightType,
} from './models.js';
import { f16Exponent, q4Exponent, scaleSeed } from './weights.js';

/** Which variants of the kernels for products and attention a variant of the model is made of. */
export interface Recipe {
  /** For many rows and for few, by the type of the weights. */
  readonly products: Readonly<Record<WeightType, { readonly many: string; readonly few: string }>>;
  readonly attention: string;
  /** Attention of few queries to a context that is longer than they are, where that is another variant. */
  readonly decode?: string;
}

/** What the layers of a model work on. */
export interface Span {
  /** Tokens at a time. */
  readonly rows: number;
  /** Positions in the cache. */
  readonly context: number;
  /** The cache is filled up to `position` only, a token at a time; otherwise `rows` are its last ones. */
  readonly generate: boolean;
  /** Whether the state of the last token before every block is wanted. */
  readonly trace: 'output' | 'scratch';
}

const GROUP = 128;
const f32 = (value: number): Constant => ({ type: 'f32', value });
const bool = (value: boolean): Constant => ({ type: 'bool', value });

function planOf<I, O>({ variants, id }: Kernel<I, O>, wanted: string, shape: Shape, limits: Limits): Plan {
  const variant = variants.find((v) => v.id === wanted) as Variant<I, O> | undefined;
  if (!variant) throw new RangeError(`${id} has no variant ${wanted}`);
  const defaults = Object.entries(variant.tuning ?? {}).map(([name, values]) => [name, values[0] as number]);
  return variant.plan(shape, Object.fromEntries(defaults), limits);
}

/**
 * What the layers of a model are made of, in a plan that declares `position`, of the first of the rows. Their state is
 * `x` in f32; `h` is what was normalised for the next product and `y` what the last one gave, both in f16.
 */
export function layersOf(
  own: Composition,
  model: Model,
  type: WeightType,
  recipe: Recipe,
  { rows, context, generate, trace: traced }: Span,
  limits: Limits,
) {
  const { width, heads, kvHeads, headSize, hidden } = model;
  checkWorkgroup('llm', GROUP, 8 * GROUP + (generate ? 4 * context : 0), limits);
  const grid = (invocations: number) =>
    linearGrid(Math.ceil(invocations / GROUP), limits.maxComputeWorkgroupsPerDimension);
  const dispatch = (
    file: string,
    constants: Readonly<Record<string, Constant>>,
    bindings: readonly string[],
    workgroups: readonly [number, number, number],
    modules: readonly string[] = [],
    folder = 'llm',
  ): Dispatch => ({
    wgsl: `${folder}/${file}.wgsl`,
    modules,
    constants: { ...constants, GROUP },
    bindings,
    workgroups,
  });

  /** A tensor of weights that the device makes from its seed. */
  const tensor = (name: string, words: number, seed: number, kind: number, step: number): string => {
    own.buffer(name, 'resident', 4 * words);
    const seedName = own.buffer(`${name}.seed`, 'resident', 4, Uint32Array.of(seed));
    own.setup.push(dispatch('fill', { COUNT: words, KIND: kind, STEP: f32(step) }, [name, seedName], grid(words)));
    return name;
  };
  const known = new Set<string>();
  const weights = ({ name, n, k, type: stored, seed }: Matrix): Readonly<Record<string, string>> => {
    const fresh = !known.has(name);
    known.add(name);
    if (stored === 'f16') return { b: fresh ? tensor(name, (n * k) / 2, seed, 0, 2 ** f16Exponent(k)) : name };
    if (fresh) {
      tensor(name, (n * k) / 8, seed, 1, 1);
      tensor(`${name}.scales`, (n * k) / BLOCK / 2, scaleSeed(seed), 2, 2 ** q4Exponent(k));
    }
    return { weights: name, scales: `${name}.scales` };
  };
  const product = (matrix: Matrix, m: number, a: string, c: string): void => {
    const { many, few } = recipe.products[matrix.type];
    const id = m > FEW_ROWS ? many : few;
    const { n, k } = matrix;
    const plan =
      matrix.type === 'f16'
        ? planOf(matmulF16, id, shapeFrom(m, n, k, { transposeB: true }), limits)
        : planOf(matmulQ4, id, { m, n, k }, limits);
    own.splice(`${m}x${n}x${k}`, plan, { a, c, ...weights(matrix) });
  };
  /** @param change the state is taken as it is, gets y added, or is y */
  const norm = (index: number, change: 'keep' | 'add' | 'set', y: string, out: string, first = 0): void => {
    const weight = tensor(`norm.${index}`, width / 2, normSeed(index), 3, 2 ** -10);
    const trace = own.buffer(`trace.${index}`, traced, 4 * width);
    const flags = { CHANGE: bool(change !== 'keep'), SET: bool(change === 'set') };
    const constants = { ROWS: rows, FIRST: first, PAIRS: width / 2, ...flags, EPSILON: f32(EPSILON) };
    own.dispatches.push(
      dispatch(
        'add-norm',
        constants,
        ['x', y, weight, out, trace],
        [rows - first, 1, 1],
        ['shared/workgroup-sum.wgsl'],
      ),
    );
  };

  own.buffer('turns', 'resident', 4 * context * headSize, turns(0, context, headSize));
  own.buffer('x', 'scratch', 4 * rows * width);
  for (const name of ['h', 'y', 'attended']) own.buffer(name, 'scratch', 2 * rows * width);
  own.buffer('heads', 'scratch', 2 * rows * heads * headSize);
  own.buffer('q', 'scratch', 2 * rows * heads * headSize);
  own.buffer('qkv', 'scratch', 2 * rows * (heads + 2 * kvHeads) * headSize);
  own.buffer('gateUp', 'scratch', 4 * rows * hidden);
  own.buffer('act', 'scratch', 2 * rows * hidden);

  const cacheBytes = 2 * kvHeads * context * headSize;
  /** A layer, from the state and what the first norm is to do with it; what it ends with is still in y. */
  const layer = (layer: number, change: 'keep' | 'add' | 'set', from = 'y'): void => {
    const matrices = layerMatrices(model, layer, type);
    const [k, v] = [own.buffer(`k.${layer}`, 'output', cacheBytes), own.buffer(`v.${layer}`, 'output', cacheBytes)];
    norm(2 * layer, change, from, 'h');
    product(matrices.qkv, rows, 'h', 'qkv');
    const turned = { ROWS: rows, HEADS: heads, KV_HEADS: kvHeads, QUARTERS: headSize / 4, CONTEXT: context };
    own.dispatches.push(
      dispatch(
        'rope-append',
        turned,
        ['qkv', 'turns', 'position', 'q', k, v],
        grid((rows * (heads + 2 * kvHeads) * headSize) / 4),
        ['shared/rotate.wgsl'],
      ),
    );
    if (generate && recipe.decode !== undefined) {
      const sizes = { batch: 1, heads, kvHeads, queryLength: 1, keyLength: context, headSize, causal: 0 };
      const plan = growing(planOf(attentionF16, recipe.decode, sizes, limits));
      own.splice('decode', plan, { q: 'q', k, v, out: 'attended', position: 'position' });
    } else if (generate)
      own.dispatches.push(
        dispatch(
          'attend',
          {
            ...{ HEADS: heads, KV_HEADS: kvHeads, PAIRS: headSize / 2, CONTEXT: context },
            SCALE: f32(1 / Math.sqrt(headSize)),
          },
          ['q', k, v, 'position', 'attended'],
          [heads, 1, 1],
          ['shared/workgroup-sum.wgsl'],
        ),
      );
    else {
      const sizes = { batch: 1, heads, kvHeads, queryLength: rows, keyLength: context, headSize, causal: 1 };
      const few = rows <= FEW_QUERIES && rows < context;
      const attention = planOf(attentionF16, (few && recipe.decode) || recipe.attention, sizes, limits);
      // The heads of one token lie as the next product wants them.
      own.splice('attention', attention, { q: 'q', k, v, out: rows > 1 ? 'heads' : 'attended' });
      const merged = { ROWS: rows, HEADS: heads, PAIRS: headSize / 2 };
      if (rows > 1)
        own.dispatches.push(
          dispatch('merge-heads', merged, ['heads', 'attended'], grid((rows * heads * headSize) / 2)),
        );
    }
    product(matrices.o, rows, 'attended', 'y');
    norm(2 * layer + 1, 'add', 'y', 'h');
    product(matrices.gateUp, rows, 'h', 'gateUp');
    own.dispatches.push({
      wgsl: 'swiglu/pairs.wgsl',
      modules: ['shared/pair-f16.wgsl'],
      constants: { COUNT: (rows * hidden) / 2, PAIRS: hidden / 2, GROUP },
      bindings: ['gateUp', 'act'],
      workgroups: grid((rows * hidden) / 2),
    });
    product(matrices.down, rows, 'act', 'y');
  };
  return { grid, dispatch, weights, product, norm, layer };
}

/**
 * A prompt of `pp` tokens, or `tg` tokens that are generated one after the other from nothing but the first: all
 * dispatches of one token, repeated. Buffers: `tokens` in; `sampled`, `logits`, `trace.0…` (the state of the last token
 * before each block and at the end) and the caches `k.0…`, `v.0…` out; everything else stays on the device.
 */
export function modelPlan(model: Model, type: WeightType, recipe: Recipe, shape: Shape, limits: Limits): Plan {
  const { pp, tg } = shape as { pp: number; tg: number };
  const generate = tg > 0;
  const rows = generate ? 1 : pp;
  const { width, vocabulary } = model;
  const own = new Composition();
  own.buffer('tokens', 'input', 4 * Math.max(1, pp));
  own.buffer('position', 'counter', 4);
  own.buffer('sampled', 'output', 4 * Math.max(1, tg));
  own.buffer('logits', 'output', 2 * vocabulary);
  own.buffer('last', 'scratch', 2 * width);
  const span: Span = { rows, context: generate ? tg : pp, generate, trace: 'output' };
  const { grid, dispatch, weights, product, norm, layer } = layersOf(own, model, type, recipe, span, limits);
  const table = weights(embeddingMatrix(model)).b as string;
  own.dispatches.push(
    dispatch(
      'embed',
      { ROWS: rows, PAIRS: width / 2, GENERATE: bool(generate) },
      ['tokens', 'sampled', 'position', table, 'x'],
      grid((rows * width) / 2),
    ),
  );
  for (let i = 0; i < model.layers; i++) layer(i, i > 0 ? 'add' : 'keep');
  // Only the last token's logits are wanted.
  norm(2 * model.layers, 'add', 'y', 'last', rows - 1);
  product(headMatrix(model, type), 1, 'last', 'logits');
  own.dispatches.push(
    dispatch(
      'sample',
      { PAIRS: vocabulary / 2, STEP: rows, GENERATE: bool(generate) },
      ['logits', 'position', 'sampled'],
      [1, 1, 1],
      ['shared/first-largest.wgsl', 'shared/first-largest-join.wgsl'],
    ),
  );
  return own.plan(Math.max(1, tg));
}
