import { f16Value } from '../../kernels/f16.js';
import type { Job } from './jobs.js';

const word = new Uint32Array(1);
const float = new Float32Array(word.buffer);
const floatOf = (bits: number) => {
  word[0] = bits;
  return float[0] as number;
};

export type Verdict = 'right' | 'wrong' | 'nan';

/** The comparison of compare.wgsl on the CPU. */
export function judge(
  { comparison, expected, bounds }: Pick<Job, 'comparison' | 'expected' | 'bounds'>,
  index: number,
  got: number,
): Verdict {
  const want = expected[index] as number;
  if (comparison === 'exact' || bounds === null) return got === want ? 'right' : 'wrong';
  const parts =
    comparison === 'floats'
      ? [[floatOf(got), floatOf(want), bounds[index]]]
      : [
          [f16Value(got & 0xffff), f16Value(want & 0xffff), bounds[2 * index]],
          [f16Value(got >>> 16), f16Value(want >>> 16), bounds[2 * index + 1]],
        ];
  if (parts.some(([have]) => Number.isNaN(have))) return 'nan';
  return parts.every(([have, wanted, bound]) => Math.abs((have as number) - (wanted as number)) <= (bound as number))
    ? 'right'
    : 'wrong';
}
