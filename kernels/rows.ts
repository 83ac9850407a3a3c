import type { Axis, BufferContents, BufferPlan, BufferReadback, Constant, Shape, Variant } from './declaration.js';
import { ShapeError } from './errors.js';
import { linearGrid } from './grid.js';
import { checkWorkgroup } from './workgroup.js';

/** Kernels that work on the rows of a matrix, one per token, two neighbouring elements at a time. */

export const ROWS: Axis = { name: 'rows', token: 'r', meaning: 'rows, one per token', min: 1, max: 2 ** 20 };
export const WIDTH: Axis = {
  ...{ name: 'width', token: 'w', meaning: 'elements of a row, an even number' },
  ...{ min: 2, max: 2 ** 20 },
};

export const rowsOf = (shape: Shape) => shape as { readonly rows: number; readonly width: number };

/** @throws {ShapeError} when the size named cannot be cut into pairs */
export function checkEven(kernel: string, shape: Shape, name: string): void {
  const size = shape[name] as number;
  if (size % 2 !== 0) throw new ShapeError(`${kernel}: ${name} must be even, got ${size}`);
}

/** What the two variants of such a kernel have in common. */
export interface RowProgram<Input, Output> {
  /** Folder of `naive.wgsl` and `workgroup.wgsl`, and the name in messages. */
  readonly id: string;
  /** Shared modules of both, and of `workgroup` alone. */
  readonly modules: readonly string[];
  readonly joining: readonly string[];
  /** Workgroup memory that each invocation of `workgroup` needs, in bytes. */
  readonly bytesEach: number;
  readonly constants?: Readonly<Record<string, Constant>>;
  /** In the order of the bindings. */
  buffers(shape: Shape): readonly BufferPlan[];
  readonly naive: string;
  readonly workgroup: string;
  /** Workgroup sizes worth trying with a workgroup per row, powers of two. */
  readonly groups: readonly number[];
  encode(input: Input): BufferContents;
  decode(readback: BufferReadback): Output;
}

/** `naive`, one invocation per row, and `workgroup`, a workgroup per row. */
export function rowVariants<Input, Output>(program: RowProgram<Input, Output>): readonly Variant<Input, Output>[] {
  const { id, modules, joining, bytesEach } = program;
  const make = (
    variant: 'naive' | 'workgroup',
    groups: readonly number[],
    rowsPerGroup: (group: number) => number,
  ): Variant<Input, Output> => ({
    id: variant,
    story: program[variant],
    tuning: { group: groups },
    plan(shape, tuning, limits) {
      const { rows, width } = rowsOf(shape);
      const { group } = tuning as { group: number };
      const joins = variant === 'workgroup';
      checkWorkgroup(`${id}/${variant}`, group, joins ? bytesEach * group : 0, limits);
      const buffers = program.buffers(shape);
      return {
        buffers,
        dispatches: [
          {
            wgsl: `${id}/${variant}.wgsl`,
            modules: [...modules, ...(joins ? joining : [])],
            constants: { ROWS: rows, PAIRS: width / 2, GROUP: group, ...program.constants },
            bindings: buffers.map(({ name }) => name),
            workgroups: linearGrid(Math.ceil(rows / rowsPerGroup(group)), limits.maxComputeWorkgroupsPerDimension),
          },
        ],
      };
    },
    encode: (_shape, _tuning, input) => program.encode(input),
    decode: (_shape, _tuning, readback) => program.decode(readback),
  });
  return [make('naive', [64], (group) => group), make('workgroup', program.groups, () => 1)];
}
