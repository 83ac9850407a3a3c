import { toF16 } from '../../kernels/f16.js';
import type { Sizes } from '../../kernels/matmul/sizes.js';
import { BLOCK, BLOCK_BYTES } from '../../kernels/matmul-q4/format.js';
import { transpose } from './attention-layout.js';
import { asFloats, type FloatType, floatData, type OnnxProgram, onnxProgram } from './onnx-program.js';

const MICROSOFT = 'com.microsoft';
const dims = ({ batch }: Sizes, rows: number, columns: number) =>
  batch === 1 ? [rows, columns] : [batch, rows, columns];

/**
 * A b that is given as weights are stored, [n, k], is a constant where the provider gains by that (the CPU's packs it
 * ahead). Any other b is an input, since packing it is part of the work.
 */
export interface Placement {
  readonly weightsConstant: boolean;
}
const constantB = (s: Sizes, { weightsConstant }: Placement) => weightsConstant && s.transposeB && s.batch === 1;

interface Form extends Placement {
  /** `MatMul` reads b as [k, n], `Gemm` as [n, k] and has no batches; b is laid out ahead as the form wants it. */
  readonly op: 'MatMul' | 'Gemm';
  readonly type: FloatType;
}

/** Matrix multiplication in floating point, stored in `type`. */
export function matmulProgram(s: Sizes, { op, type, ...placement }: Form): OnnxProgram {
  const { m, n, k, batch, transposeB } = s;
  const wantsTransposed = op === 'Gemm';
  const turn = wantsTransposed !== transposeB;
  const weights = constantB(s, placement);
  const words = [wantsTransposed ? 'Gemm transB' : 'MatMul', turn && 'b transposed ahead', weights && 'b constant'];
  return onnxProgram({
    form: words.filter(Boolean).join(', '),
    name: 'matmul',
    inputs: [
      { name: 'a', type, dims: dims(s, m, k) },
      { name: 'b', type, dims: wantsTransposed ? dims(s, n, k) : dims(s, k, n), weights },
    ],
    output: { type, dims: dims(s, m, n) },
    nodes: [
      wantsTransposed
        ? { op, inputs: ['a', 'b'], outputs: ['y'], attributes: { transB: { int: 1 } } }
        : { op, inputs: ['a', 'b'], outputs: ['y'] },
    ],
    lay: (input) => {
      const { a, b } = input as Readonly<Record<'a' | 'b', Float32Array>>;
      const turned = turn ? transpose(b, batch, transposeB ? n : k, transposeB ? k : n) : b;
      return { a: floatData(type, a), b: floatData(type, turned) };
    },
    decode: (y) => ({ c: asFloats(y) }),
  });
}

/** Unsigned with this zero point is signed: the same numbers, and ONNX Runtime's CPU kernels are several times faster. */
const ZERO_POINT = 128;

/**
 * Int8 · int8 → int32 (operator `MatMulInteger`).
 * @param unsignedA a as uint8 with a zero point
 */
export function integerProgram(s: Sizes, unsignedA: boolean, placement: Placement): OnnxProgram {
  const { m, n, k, batch, transposeB } = s;
  const weights = constantB(s, placement);
  const words = [
    'MatMulInteger',
    unsignedA && 'a as uint8 with zero point 128',
    transposeB && 'b transposed ahead',
    weights && 'b constant',
  ];
  return onnxProgram({
    form: words.filter(Boolean).join(', '),
    name: 'matmul-integer',
    inputs: [
      { name: 'a', type: unsignedA ? 'uint8' : 'int8', dims: dims(s, m, k) },
      { name: 'b', type: 'int8', dims: dims(s, k, n), weights },
    ],
    constants: unsignedA ? [{ name: 'zero', type: 'uint8', dims: [], data: Uint8Array.of(ZERO_POINT) }] : [],
    output: { type: 'int32', dims: dims(s, m, n) },
    nodes: [{ op: 'MatMulInteger', inputs: ['a', 'b', ...(unsignedA ? ['zero'] : [])], outputs: ['y'] }],
    lay: (input) => {
      const { a, b } = input as Readonly<Record<'a' | 'b', Int8Array>>;
      return {
        a: unsignedA ? Uint8Array.from(a, (x) => x + ZERO_POINT) : a,
        b: transposeB ? transpose(b, batch, n, k) : b,
      };
    },
    decode: (y) => ({ c: y as Int32Array }),
  });
}

/**
 * F16 activations by 4-bit weights (com.microsoft `MatMulNBits`, blocks of 32, no zero points: 8 stands for 0).
 * `accuracy_level` 0 computes in the activations' own type. Level 4 rounds them to int8 first, which is faster and
 * another computation: whole numbers no longer come out exact.
 */
export function nBitsProgram({ m, n, k }: Pick<Sizes, 'm' | 'n' | 'k'>, { weightsConstant }: Placement): OnnxProgram {
  const blocks = k / BLOCK;
  const attributes = {
    K: { int: k },
    N: { int: n },
    bits: { int: 4 },
    block_size: { int: BLOCK },
    accuracy_level: { int: 0 },
  };
  return onnxProgram({
    form: `MatMulNBits, accuracy_level 0${weightsConstant ? ', weights constant' : ''}`,
    name: 'matmul-4-bits',
    inputs: [
      { name: 'a', type: 'float16', dims: [m, k] },
      { name: 'weights', type: 'uint8', dims: [n, blocks, BLOCK_BYTES], weights: weightsConstant },
      { name: 'scales', type: 'float16', dims: [n, blocks], weights: weightsConstant },
    ],
    output: { type: 'float16', dims: [m, n] },
    nodes: [{ op: 'MatMulNBits', domain: MICROSOFT, inputs: ['a', 'weights', 'scales'], outputs: ['y'], attributes }],
    lay: (input) => {
      const { a, weights, scales } = input as { a: Float32Array; weights: Uint8Array; scales: Float32Array };
      return { a: toF16(a), weights, scales: toF16(scales) };
    },
    decode: (y) => ({ c: asFloats(y) }),
  });
}
