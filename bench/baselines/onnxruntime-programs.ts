import type { Kernel, Shape } from '../../kernels/declaration.js';
import { type Sizes, sizesOf } from '../../kernels/matmul/sizes.js';
import { randomFloats } from '../../kernels/random.js';
import { kernelName } from '../../kernels/shape.js';
import { type AttentionShape, attentionFault, attentionShape } from './attention-layout.js';
import { firstLine } from './first-line.js';
import {
  type AttentionForm,
  composedAttention,
  groupQueryAttention,
  multiHeadAttention,
  standardAttention,
} from './onnx-attention.js';
import { onnxKernels } from './onnx-kernels.js';
import { integerProgram, matmulProgram, nBitsProgram } from './onnx-matmul.js';
import type { Choice, FloatType, OnnxProgram } from './onnx-program.js';
import { chooseBlock } from './onnxruntime-block.js';
import { type Ort, type Provider, runOnce, sessionOptions } from './onnxruntime-session.js';

/** Null when a provider can compute this workload, else why not. */
export function unsupported(kernel: Kernel, shape: Shape): string | null {
  const name = kernelName(kernel);
  if (!onnxKernels.includes(name)) return `ONNX Runtime is compared on ${onnxKernels.join(', ')}, not on ${name}`;
  return kernel.id === 'attention' ? attentionFault(attentionShape(shape)) : null;
}

/** Products of two elements from which on it is worth a trial which form is faster; below, all is overhead. */
const WORTH_TRYING = 2 ** 18;

const only = (program: OnnxProgram, note: string | null = null): Choice => ({ programs: [program], note });

/**
 * The forms in which a provider computes a workload fastest, of those that are right on this device. Where several
 * are left, which is fastest depends on the device, and whoever asks tries them.
 * @param software null when it is not known
 */
export async function choosePrograms(
  ort: Ort,
  provider: Provider,
  kernel: Kernel,
  shape: Shape,
  software: boolean | null,
): Promise<Choice> {
  const type: FloatType = kernel.type === 'f16' ? 'float16' : 'float32';
  if (kernel.id === 'attention') return chooseAttention(ort, provider, attentionShape(shape), type, software);
  if (kernel.id === 'decoder-block') return chooseBlock(ort, provider, kernel.type ?? '', shape, software);
  const s = sizesOf(shape);
  // The CPU's kernels for m of 1 are up to four times faster where weights were packed ahead, 4-bit ones 300 times.
  const placement = { weightsConstant: provider === 'cpu' };
  if (kernel.type === 'q4') return only(nBitsProgram(s, placement));
  if (kernel.type === 'i8') return only(integerProgram(s, await zeroPointIsExact(ort, provider), placement));
  const form = (op: 'MatMul' | 'Gemm') => matmulProgram(s, { op, type, ...placement });
  // FusedMatMul is no candidate: the WebGPU provider leaves it to the CPU.
  const plain = form('MatMul');
  const several = provider !== 'cpu' && s.batch === 1 && s.m * s.n * s.k >= WORTH_TRYING;
  return several ? { programs: [plain, form('Gemm')], note: null } : only(plain);
}

/**
 * True when the CPU provider multiplies uint8 by int8 without saturating in between, as it may where the processor
 * has no VNNI (MLAS adds pairs of products in 16 bits there). The form is a multiple faster where it is right.
 */
async function zeroPointIsExact(ort: Ort, provider: Provider): Promise<boolean> {
  if (provider !== 'cpu') return false;
  const s: Sizes = { m: 8, n: 32, k: 256, batch: 1, transposeB: false };
  const input = { a: new Int8Array(s.m * s.k).fill(127), b: new Int8Array(s.k * s.n).fill(127) };
  const program = integerProgram(s, true, { weightsConstant: true });
  const { c } = (await runOnce(ort, program, input, sessionOptions('cpu', 1))) as { c: Int32Array };
  return c.every((sum) => sum === 127 * 127 * s.k);
}

/**
 * ONNX Runtime 1.30 has fused attention for WebGPU, but its prefill kernel exchanges 16 keys by subgroup
 * shuffle (not on NVIDIA) and is wrong where a subgroup has fewer than 16 lanes: errors near 4e-2.
 * Software adapters have 4 or 8 lanes and take up to a minute to compile it, so they get the composed
 * forms unasked; elsewhere the fused forms are tried on a small problem of the same kind first.
 */
async function chooseAttention(
  ort: Ort,
  provider: Provider,
  s: AttentionShape,
  type: FloatType,
  software: boolean | null,
): Promise<Choice> {
  // All forms are within the noise of each other on the CPU, but for one query, where this one is ahead.
  if (provider === 'cpu') return only(standardAttention(s, type));
  const composed = composedAttention(s, type);
  if (software === true && provider === 'webgpu')
    return only(composed, 'the fused forms need subgroups of 16 lanes or more');
  const right: OnnxProgram[] = [];
  const passedOver: string[] = [];
  for (const form of fusedForms(s)) {
    const wrong = await disagreement(ort, provider, form, s, type);
    if (wrong === null) right.push(form(s, type));
    else passedOver.push(`${form(probeShape(s), type).form} passed over: ${wrong}`);
  }
  const note = passedOver.length > 0 ? passedOver.join('; ') : null;
  const [first = composed, ...others] = [...right, composed];
  const several = s.batch * s.heads * s.queryLength * s.keyLength * s.headSize >= WORTH_TRYING;
  return several ? { programs: [first, ...others], note } : only(first, note);
}

/** Fused forms that mean this workload. GroupQueryAttention is causal always: one query that sees every key is both. */
export function fusedForms(s: AttentionShape): readonly AttentionForm[] {
  const grouped = s.headSize % 8 === 0 && (s.causal || s.queryLength === 1);
  // A mask costs more than it hides where a form without one is at hand.
  if (grouped && s.queryLength > 1) return [groupQueryAttention];
  return grouped ? [groupQueryAttention, multiHeadAttention] : [multiHeadAttention];
}

/**
 * Small, but it takes the same way through the library: the fused kernels change at 32 queries, and what
 * matters besides is the head size, the grouping, and whether there are more keys than queries.
 */
export function probeShape(s: AttentionShape): AttentionShape {
  const queryLength = Math.min(s.queryLength, 40);
  const keyLength = s.causal ? queryLength + Math.min(s.keyLength - s.queryLength, 33) : Math.min(s.keyLength, 73);
  return { ...s, batch: 1, heads: s.heads / s.kvHeads, kvHeads: 1, queryLength, keyLength };
}

/** f32 differs by about 1e-6 here and f16 by 1e-3; the failure above by 1e-2 and more. */
const PROBE_TOLERANCE = { float32: 1e-3, float16: 5e-3 } as const;

/** Null when the form gives on the provider what the CPU provider gives in f32, else the finding in words. */
async function disagreement(
  ort: Ort,
  provider: Provider,
  form: AttentionForm,
  shape: AttentionShape,
  type: FloatType,
): Promise<string | null> {
  const s = probeShape(shape);
  const queries = s.heads * s.queryLength * s.headSize;
  const keys = s.keyLength * s.headSize;
  const input = { q: randomFloats(queries, 1), k: randomFloats(keys, 2), v: randomFloats(keys, 3) };
  const answer = async (program: OnnxProgram, on: Provider) =>
    ((await runOnce(ort, program, input, sessionOptions(on, 1, false))) as { out: Float32Array }).out;
  try {
    const got = await answer(form(s, type), provider);
    const expected = await answer(standardAttention(s, 'float32'), 'cpu');
    let worst = 0;
    for (const [i, value] of expected.entries()) {
      const error = Math.abs(value - (got[i] as number));
      if (!(error <= worst)) worst = error;
    }
    return worst <= PROBE_TOLERANCE[type] ? null : `wrong by ${worst.toExponential(1)} on this adapter`;
  } catch (error) {
    return `refused here: ${firstLine(error)}`;
  }
}
