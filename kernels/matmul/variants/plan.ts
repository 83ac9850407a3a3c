import type { Constant, Dispatch, Plan } from '../../declaration.js';
import { buffers } from '../layout.js';
import type { Sizes } from '../sizes.js';
import type { Storage } from '../storage.js';

/** The constants that say what shape a file computes, for sizes after padding. */
export function sizeConstants({ m, n, k, transposeB }: Sizes): Record<string, Constant> {
  return { M: m, N: n, K: k, TRANSPOSE_B: { type: 'bool', value: transposeB } };
}

/** What a file that reads and writes by `widen` and `narrow` is to be preceded by. */
export function storing(
  { read, write, enables: needed }: Pick<Storage, 'read' | 'write' | 'enables'>,
  ...enables: string[]
): Required<Pick<Dispatch, 'modules' | 'aliases' | 'enables'>> {
  return {
    modules: [...read.modules, ...write.modules],
    aliases: { ...read.aliases, ...write.aliases },
    enables: [...needed, ...enables],
  };
}

/** One dispatch: a workgroup for every `tileM` × `tileN` of c, of every product of the batch. */
export function singleDispatch(
  dispatch: Omit<Dispatch, 'bindings' | 'workgroups'>,
  sizes: Sizes,
  storage: Storage,
  [tileM, tileN]: readonly [number, number],
): Plan {
  const workgroups = [Math.ceil(sizes.n / tileN), Math.ceil(sizes.m / tileM), sizes.batch] as const;
  return { buffers: buffers(sizes, storage), dispatches: [{ ...dispatch, bindings: ['a', 'b', 'c'], workgroups }] };
}
