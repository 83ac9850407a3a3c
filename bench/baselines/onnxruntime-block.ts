import type { Shape } from '../../kernels/declaration.js';
import { blockInput } from '../../kernels/decoder-block/input.js';
import { blockOracle } from '../../kernels/decoder-block/oracle.js';
import type { BlockOutput } from '../../kernels/decoder-block/reference.js';
import { sizesOf } from '../../kernels/decoder-block/sizes.js';
import { type Model, models, type WeightType } from '../../kernels/llm/models.js';
import { firstLine } from './first-line.js';
import { type BlockForm, blockProgram, blockWeights, composedBlock, fusedBlock } from './onnx-block.js';
import type { Choice, OnnxProgram } from './onnx-program.js';
import { type Ort, type Provider, runOnce, sessionOptions } from './onnxruntime-session.js';

/** Positions from which on it is worth a trial which form is faster; below, attention is next to nothing. */
const WORTH_TRYING = 32;

/** The forms of a layer that are right on this device, best guess first. */
export async function chooseBlock(
  ort: Ort,
  provider: Provider,
  name: string,
  shape: Shape,
  software: boolean | null,
): Promise<Choice> {
  const { model, type } = modelOf(name);
  const onCpu = provider === 'cpu';
  const weights = blockWeights(model, type, sizesOf(shape).context);
  const program = (form: BlockForm) => blockProgram(model, type, shape, form, weights, onCpu);
  if (onCpu) return { programs: [program(fusedBlock)], note: null };
  const composed = program(composedBlock);
  const { tokens, context } = sizesOf(shape);
  // Of one token it is right with fewer lanes, too, and takes seconds to compile instead of two minutes.
  if (software === true && provider === 'webgpu' && tokens > 1)
    return { programs: [composed], note: `${fusedBlock.form} needs subgroups of 16 lanes or more` };
  if (context < WORTH_TRYING) return { programs: [composed], note: null };
  const wrong = await fault(ort, provider, model, type, shape);
  return wrong === null
    ? { programs: [program(fusedBlock), composed], note: null }
    : { programs: [composed], note: `${fusedBlock.form} passed over: ${wrong}` };
}

/** @param name of the kernel's type: `llama-1b-q4` */
function modelOf(name: string): { model: Model; type: WeightType } {
  for (const model of models)
    for (const type of ['f16', 'q4'] as const) if (name === `${model.id}-${type}`) return { model, type };
  throw new RangeError(`no model ${name}`);
}

/** A narrow model that takes the same way through the fused operator: head size, grouping, and what is past matter. */
const narrow = (model: Model): Model => ({
  ...model,
  ...{ id: 'narrow', width: 128, heads: model.heads / model.kvHeads, kvHeads: 1, hidden: 128 },
});
/** The fused kernels change at 32 queries. */
function shortened(shape: Shape): Shape {
  const { tokens, context } = sizesOf(shape);
  const few = Math.min(tokens, 40);
  return { tokens: few, context: few + Math.min(context - tokens, 33) };
}

/** Null when the fused form gives on the provider what the oracle of our own kernels accepts, else the finding in words. */
async function fault(
  ort: Ort,
  provider: Provider,
  model: Model,
  type: WeightType,
  shape: Shape,
): Promise<string | null> {
  const [small, short] = [narrow(model), shortened(shape)];
  const weights = blockWeights(small, type, sizesOf(short).context);
  const program: OnnxProgram = blockProgram(small, type, short, fusedBlock, weights, false);
  const input = blockInput(small, sizesOf(short), 1);
  try {
    const output = (await runOnce(ort, program, input, sessionOptions(provider, 1, false))) as BlockOutput;
    const { correct, detail } = blockOracle(small, type, sizesOf(short), input, 1).check(output);
    return correct ? null : `wrong on this adapter, ${detail}`;
  } catch (error) {
    return `refused here: ${firstLine(error)}`;
  }
}
