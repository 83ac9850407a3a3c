import { describe, record, wholeNumber } from '../arguments.js';
import type { Axis, Kernel, Plan, Variant } from '../declaration.js';
import { InputError } from '../errors.js';
import { asFloats } from '../floats.js';
import { linearGrid } from '../grid.js';
import { randomWords } from '../random.js';
import { checkWorkgroup } from '../workgroup.js';
import {
  CHAINS,
  type FmaInput,
  type FmaOutput,
  fmaOracle,
  fmaReference,
  MAX_DRIFT,
  MAX_ITERATIONS,
  MAX_START,
  STEPS,
} from './reference.js';

export type { FmaInput, FmaOutput } from './reference.js';

const ID = 'fma-f32';
const INVOCATIONS: Axis = {
  name: 'invocations',
  token: 'n',
  meaning: 'invocations of four chains each',
  min: 1,
  max: 2 ** 24,
};
const ITERATIONS: Axis = {
  name: 'iterations',
  token: 'i',
  meaning: 'iterations of sixteen fma on each chain',
  min: 1,
  max: MAX_ITERATIONS,
};
type Sizes = { readonly invocations: number; readonly iterations: number };

const vec4: Variant<FmaInput, FmaOutput> = {
  id: 'vec4',
  story: 'Four independent chains in one vec4 per invocation, the factor and addends from a buffer.',
  tuning: { group: [256, 128, 64] },
  plan(shape, tuning, limits): Plan {
    const { invocations, iterations } = shape as Sizes;
    const group = tuning.group as number;
    checkWorkgroup('fma-f32/vec4', group, 0, limits);
    const byteLength = invocations * CHAINS * 4;
    return {
      buffers: [
        { name: 'start', role: 'input', byteLength },
        { name: 'terms', role: 'input', byteLength: 12 },
        { name: 'end', role: 'output', byteLength },
      ],
      dispatches: [
        {
          wgsl: 'fma-f32/vec4.wgsl',
          constants: { INVOCATIONS: invocations, ITERATIONS: iterations, GROUP: group },
          bindings: ['start', 'terms', 'end'],
          workgroups: linearGrid(Math.ceil(invocations / group), limits.maxComputeWorkgroupsPerDimension),
        },
      ],
    };
  },
  encode: (_shape, _tuning, { start, even, odd }) => ({ start, terms: Float32Array.of(-1, even, odd) }),
  decode: (_shape, _tuning, readback) => ({ end: asFloats(readback.end as Uint8Array) }),
};

/** Chains of fma in registers: what the card's f32 units do when nothing else holds them back. */
export const fmaF32: Kernel<FmaInput, FmaOutput> = {
  id: ID,
  family: 'arithmetic',
  title: 'Fused multiply-add rate, f32',
  source: 'IEEE 754-2019, fusedMultiplyAdd; WGSL, fma(). The compute roof of Williams, Waterman, Patterson: Roofline',
  axes: [INVOCATIONS, ITERATIONS],
  probes: [
    { invocations: 1, iterations: 1 },
    { invocations: 257, iterations: 3 },
    { invocations: 1000, iterations: 17 },
  ],
  pilot: { invocations: 4096, iterations: 16 },
  workloads: [
    { invocations: 32768, iterations: 64 },
    { invocations: 2 ** 20, iterations: 1024 },
  ],
  input(shape, seed) {
    const { invocations, iterations } = shape as Sizes;
    const next = randomWords(seed);
    const whole = () => (next() % (2 * MAX_START + 1)) - MAX_START;
    const even = whole();
    const odd = even + 1 + (next() % MAX_DRIFT);
    return { iterations, start: new Float32Array(invocations * CHAINS).map(whole), even, odd };
  },
  shapeOf(input) {
    const given = record(input, ID, ['iterations', 'start', 'even', 'odd']);
    const iterations = wholeNumber(given.iterations, 'iterations', ITERATIONS.min, ITERATIONS.max);
    const { start } = given;
    if (!(start instanceof Float32Array)) throw new InputError(`start must be a Float32Array, got ${describe(start)}`);
    const invocations = start.length / CHAINS;
    if (!Number.isInteger(invocations) || invocations < 1 || invocations > INVOCATIONS.max)
      throw new InputError(
        `start must hold ${CHAINS} elements for each of 1 to ${INVOCATIONS.max} invocations, got ${start.length}`,
      );
    const wrong = start.findIndex((x) => !Number.isInteger(x) || Math.abs(x) > MAX_START);
    if (wrong >= 0)
      throw new InputError(
        `start[${wrong}] must be a whole number from ${-MAX_START} to ${MAX_START}, got ${start[wrong]}`,
      );
    const even = wholeNumber(given.even, 'even', -MAX_START, MAX_START);
    const odd = wholeNumber(given.odd, 'odd', even - MAX_DRIFT, even + MAX_DRIFT);
    if (odd === even)
      throw new InputError(`odd must differ from even, or the end would not show the steps; both are ${even}`);
    return { shape: { invocations, iterations }, input: { iterations, start, even, odd } };
  },
  reference: fmaReference,
  oracle: fmaOracle,
  work(shape) {
    const { invocations, iterations } = shape as Sizes;
    // An fma counts as two: a multiplication and an addition.
    return {
      operations: 2 * CHAINS * STEPS * invocations * iterations,
      unit: 'flop',
      bytes: 2 * invocations * CHAINS * 4 + 12,
    };
  },
  variants: [vec4],
  defaultVariant: vec4.id,
};
