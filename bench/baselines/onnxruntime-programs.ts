import type { Kernel, Shape } from '../../kernels/declaration.js';
import { randomFloats } from '../../kernels/random.js';
import { type AttentionShape, attentionFault, attentionShape } from './attention-layout.js';
import { firstLine } from './first-line.js';
import { composedAttention, groupQueryAttention, multiHeadAttention, standardAttention } from './onnx-attention.js';
import { matmulProgram, type OnnxProgram } from './onnx-program.js';
import { type Ort, type Provider, runOnce, sessionOptions } from './onnxruntime-session.js';

/** Null when a provider can compute this workload, else why not. */
export function unsupported(kernel: Kernel, shape: Shape): string | null {
  if (kernel.id !== 'matmul' && kernel.id !== 'attention')
    return `ONNX Runtime is compared on matmul and attention, not on ${kernel.id}`;
  if (kernel.type !== undefined && kernel.type !== 'f32')
    return `the ONNX models here are f32, the workload is ${kernel.type}`;
  return kernel.id === 'attention' ? attentionFault(attentionShape(shape)) : null;
}

/** A program and, where another form was passed over, why. */
export interface Choice {
  readonly program: OnnxProgram;
  readonly note: string | null;
}

/**
 * The form in which the provider computes a workload fastest, of those that are right on this device.
 *
 * ONNX Runtime 1.30 has fused attention for WebGPU, but its prefill kernel exchanges 16 keys by subgroup
 * shuffle (not on NVIDIA) and is wrong where a subgroup has fewer than 16 lanes: errors near 4e-2.
 * Software adapters have 4 or 8 lanes and take up to a minute to compile it, so they get the composed
 * form unasked; elsewhere the fused form is tried on a small problem of the same kind first.
 * @param software null when it is not known
 */
export async function chooseProgram(
  ort: Ort,
  provider: Provider,
  kernel: Kernel,
  shape: Shape,
  software: boolean | null,
): Promise<Choice> {
  if (kernel.id === 'matmul') {
    const { m, n, k } = shape as { m: number; n: number; k: number };
    return { program: matmulProgram(m, n, k), note: null };
  }
  const s = attentionShape(shape);
  // All forms are within the noise of each other on the CPU, and this one wants no other layout.
  if (provider === 'cpu') return { program: standardAttention(s), note: null };
  if (software === true)
    return { program: composedAttention(s), note: 'the fused forms need subgroups of 16 lanes or more' };
  return chooseFused(ort, s);
}

async function chooseFused(ort: Ort, s: AttentionShape): Promise<Choice> {
  const causal = s.causal && s.queryLength > 1;
  const fused = causal && s.headSize % 8 === 0 ? groupQueryAttention : multiHeadAttention;
  const wrong = await disagreement(ort, fused, s);
  if (wrong === null) return { program: fused(s), note: null };
  const program = composedAttention(s);
  return { program, note: `${fused(probeShape(s)).form} passed over: ${wrong}` };
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

/** f32 differs by about 1e-6 here, the failure above by 1e-2 and more. */
const PROBE_TOLERANCE = 1e-3;

/** Null when the form gives on WebGPU what the CPU provider gives, else the finding in words. */
async function disagreement(
  ort: Ort,
  form: (s: AttentionShape) => OnnxProgram,
  shape: AttentionShape,
): Promise<string | null> {
  const s = probeShape(shape);
  const queries = s.heads * s.queryLength * s.headSize;
  const keys = s.keyLength * s.headSize;
  const input = { q: randomFloats(queries, 1), k: randomFloats(keys, 2), v: randomFloats(keys, 3) };
  const answer = async (program: OnnxProgram, provider: Provider) => {
    const output = await runOnce(ort, program, input, sessionOptions(provider, 1, false));
    return (program.decode(output) as { out: Float32Array }).out;
  };
  try {
    const got = await answer(form(s), 'webgpu');
    const expected = await answer(standardAttention(s), 'cpu');
    let worst = 0;
    for (const [i, value] of expected.entries()) {
      const error = Math.abs(value - (got[i] as number));
      if (!(error <= worst)) worst = error;
    }
    return worst <= PROBE_TOLERANCE ? null : `wrong by ${worst.toExponential(1)} on this adapter`;
  } catch (error) {
    return `refused here: ${firstLine(error)}`;
  }
}
