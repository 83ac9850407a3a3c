import type { Limits, Plan, Shape } from '../declaration.js';
import { Composition } from '../llm/composition.js';
import type { Model, WeightType } from '../llm/models.js';
import { layersOf, type Recipe } from '../llm/plan.js';
import { sizesOf } from './sizes.js';

const FOLDER = 'decoder-block';

/**
 * The first layer of a model. Buffers: `hidden` and, where there are earlier tokens, `pastK` and `pastV` in; `out`, `k.0`
 * and `v.0` out, all f16.
 */
export function blockPlan(model: Model, type: WeightType, recipe: Recipe, shape: Shape, limits: Limits): Plan {
  const { tokens, context } = sizesOf(shape);
  const { width, kvHeads, headSize } = model;
  const past = context - tokens;
  const own = new Composition();
  const hidden = own.buffer('hidden', 'input', 2 * tokens * width);
  own.buffer('position', 'resident', 4, Uint32Array.of(past));
  const span = { rows: tokens, context, generate: false, trace: 'scratch' } as const;
  const { grid, dispatch, layer } = layersOf(own, model, type, recipe, span, limits);
  layer(0, 'set', hidden);
  if (past > 0) {
    const earlier = ['pastK', 'pastV'].map((name) => own.buffer(name, 'input', 2 * kvHeads * past * headSize));
    const constants = { KV_HEADS: kvHeads, PAST: past, CONTEXT: context, EIGHTHS: headSize / 8 };
    own.dispatches.unshift(
      dispatch('recall', constants, [...earlier, 'k.0', 'v.0'], grid((kvHeads * past * headSize) / 8), [], FOLDER),
    );
  }
  own.buffer('out', 'output', 2 * tokens * width);
  const pairs = (tokens * width) / 2;
  own.dispatches.push(dispatch('leave', { COUNT: pairs }, ['x', 'y', 'out'], grid(pairs), [], FOLDER));
  return own.plan(1);
}
