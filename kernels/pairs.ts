import type { Constant, Shape, Variant } from './declaration.js';
import type { ElementType } from './elements.js';
import { linearGrid } from './grid.js';
import { checkWorkgroup } from './workgroup.js';

/** A kernel of one dispatch in which each invocation makes a pair of neighbouring elements, or a few. */
export interface PairProgram<Input> {
  /** Folder and file, e.g. `swiglu/pairs.wgsl`. */
  readonly wgsl: string;
  /** Shared modules besides the one for the type. */
  readonly modules?: readonly string[];
  readonly story: string;
  readonly type: ElementType;
  /** Bytes of each input, whole words, in the order of its bindings; `out` follows. */
  inputs(shape: Shape): Readonly<Record<string, number>>;
  outBytes(shape: Shape): number;
  /** Invocations that have work. */
  invocations(shape: Shape): number;
  constants(shape: Shape): Readonly<Record<string, Constant>>;
  encode(input: Input, shape: Shape): Readonly<Record<string, ArrayBufferView>>;
}

/** The variant `pairs` of such a kernel. Its WGSL has the constants COUNT (invocations that have work) and GROUP besides. */
export function pairVariant<Input>(program: PairProgram<Input>): Variant<Input, { readonly out: Float32Array }> {
  const { wgsl, story, type } = program;
  return {
    id: 'pairs',
    story,
    tuning: { group: [128, 64, 256] },
    plan(shape, tuning, limits) {
      const { group } = tuning as { group: number };
      checkWorkgroup(wgsl.replace('.wgsl', ''), group, 0, limits);
      const inputs = Object.entries(program.inputs(shape));
      const count = program.invocations(shape);
      return {
        buffers: [
          ...inputs.map(([name, bytes]) => ({ name, role: 'input' as const, byteLength: bytes })),
          { name: 'out', role: 'output', byteLength: program.outBytes(shape) },
        ],
        dispatches: [
          {
            wgsl,
            modules: [type.pairModule, ...(program.modules ?? [])],
            constants: { COUNT: count, GROUP: group, ...program.constants(shape) },
            bindings: [...inputs.map(([name]) => name), 'out'],
            workgroups: linearGrid(Math.ceil(count / group), limits.maxComputeWorkgroupsPerDimension),
          },
        ],
      };
    },
    encode: (shape, _tuning, input) => program.encode(input, shape),
    decode: (_shape, _tuning, readback) => ({ out: type.decode(readback.out as Uint8Array) }),
  };
}
