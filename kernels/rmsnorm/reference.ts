import { closeOracle } from '../close.js';
import type { Oracle, Shape } from '../declaration.js';
import type { ElementType } from '../elements.js';
import { gamma, U } from '../rounding.js';

/** Added to the mean square, as Llama's configuration has it (`rms_norm_eps`). */
export const EPSILON = 1e-5;

export interface RmsnormInput {
  readonly rows: number;
  readonly width: number;
  /** [rows, width], row-major. */
  readonly x: Float32Array;
  /** [width]. */
  readonly weight: Float32Array;
}

export interface RmsnormOutput {
  /** [rows, width]. */
  readonly out: Float32Array;
}

/** x / √(mean(x²) + ε) · weight, row by row, in f64. */
export function exactRmsnorm({ rows, width, x, weight }: RmsnormInput): Float64Array {
  const out = new Float64Array(rows * width);
  for (let row = 0; row < rows; row++) {
    let squares = 0;
    for (let i = 0; i < width; i++) squares += (x[row * width + i] as number) ** 2;
    const scale = 1 / Math.sqrt(squares / width + EPSILON);
    for (let i = 0; i < width; i++)
      out[row * width + i] = (x[row * width + i] as number) * scale * (weight[i] as number);
  }
  return out;
}

export const rmsnormReference =
  (type: ElementType) =>
  (_shape: Shape, input: RmsnormInput): RmsnormOutput => ({
    out: type.round(Float32Array.from(exactRmsnorm(input))),
  });

/**
 * A sum of n squares in any order is off by γ(n) at most, since all are positive; the root halves that. The division,
 * ε, inverseSqrt (2 ULP, WGSL 15.7.4) and two products add nine roundings of f32 at most, the output one of its type.
 */
export const rmsnormOracle =
  (type: ElementType) =>
  ({ width }: Shape, input: RmsnormInput): Oracle<RmsnormOutput> =>
    closeOracle('out', {
      name: 'out',
      want: exactRmsnorm(input),
      floor: type.tiny,
      bound: gamma(width as number) / 2 + 12 * U + type.rounding,
      reason: 'half of γ(width) for the mean of squares, a dozen roundings of f32, one of the output’s type',
      max: type.largest,
    });
