import { describe, expect, test } from 'vitest';
import type { Kernel, Limits } from '../../kernels/declaration.js';
import { InputError, MissingUnitError } from '../../kernels/errors.js';
import { wholeHalves } from '../../kernels/f16.js';
import { matrixInput } from '../../kernels/matrix-chains/input.js';
import {
  AREA,
  growth,
  type MatrixInput,
  type MatrixOutput,
  SIDE,
  STARTS,
} from '../../kernels/matrix-chains/reference.js';
import { matrixF16 } from '../../kernels/matrix-f16/kernel.js';
import { matrixI8 } from '../../kernels/matrix-i8/kernel.js';

/** The value of an f16 by its definition (IEEE 754-2019, section 3.4); no infinities here. */
function halfOf(bits: number): number {
  const [sign, exponent, fraction] = [bits & 0x8000 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

test('whole numbers as f16: every one of them, and no other number', () => {
  const all = Array.from({ length: 4097 }, (_, i) => i - 2048);
  expect([...wholeHalves(all)].map(halfOf)).toEqual(all.map((x) => x + 0));
  for (const wrong of [2049, -2049, 0.5, Number.NaN]) expect(() => wholeHalves([wrong])).toThrow(`${wrong} is not a`);
});

/** Element by element and product by product, as the definition has it; no matrix units, no closed form. */
function stepByStep({ iterations, lefts, right, starts }: MatrixInput, block: number) {
  const sums = Array.from(starts.subarray((block % STARTS) * AREA, (block % STARTS) * AREA + AREA));
  let furthest = 0;
  for (let repeat = 0; repeat < 4 * iterations; repeat++)
    for (const left of [lefts.subarray(0, AREA), lefts.subarray(AREA)])
      for (let at = 0; at < AREA; at++)
        for (let deep = 0; deep < SIDE; deep++) {
          const [row, column] = [Math.floor(at / SIDE), at % SIDE];
          sums[at] =
            (sums[at] as number) + (left[row * SIDE + deep] as number) * (right[deep * SIDE + column] as number);
          furthest = Math.max(furthest, Math.abs(sums[at] as number));
        }
  return { sums, furthest };
}

const config = { componentType: 'f16', resultComponentType: 'f32', M: 16, N: 16, K: 16 };
const limits = {
  ...{ maxComputeInvocationsPerWorkgroup: 256, maxComputeWorkgroupStorageSize: 32768 },
  ...{ maxComputeWorkgroupsPerDimension: 65535, subgroupMinSize: 32, subgroupMaxSize: 32 },
  subgroupMatrixConfigs: [config],
} as unknown as Limits;

describe.each([
  ['matrix-f16', matrixF16, 2048],
  ['matrix-i8', matrixI8, 2 ** 31 - 1],
] as const)('%s', (_id, kernel: Kernel<MatrixInput, MatrixOutput>, exact) => {
  const shape = { blocks: 70, iterations: 3 };
  const input = kernel.input(shape, 1);
  const { ends } = kernel.reference(shape, input);
  const check = (words: Uint32Array) => kernel.oracle(shape, input, 1).check({ ends: words });

  test('the reference is what products added one by one come to', () => {
    for (const block of [0, 60, 61, 69]) {
      const { sums, furthest } = stepByStep(input, block);
      for (const column of [0, 7, 31]) {
        // The fold in whole numbers of any size, reduced at the end.
        const word = Array.from({ length: SIDE }, (_, row) => BigInt(sums[row * SIDE + column] as number)).reduce(
          (all, x) => all * 37n + x,
        );
        expect(ends[block * SIDE + column]).toBe(Number(BigInt.asUintN(32, word + BigInt(block))));
      }
      expect(furthest).toBeLessThanOrEqual(growth(input).most);
    }
    expect(check(ends)).toEqual({ correct: true, maxError: 0 });
  });

  test('the longest chain stays exact, and every sum moves', () => {
    for (const seed of [1, 2, 3]) {
      const longest = kernel.input({ blocks: 1, iterations: 256 }, seed);
      const { most, step } = growth(longest);
      expect(most).toBeLessThanOrEqual(exact);
      expect(step.every((x) => x !== 0)).toBe(true);
      // Operands are dense: zeros may be cheaper.
      expect(longest.lefts.filter((x) => x === 0).length).toBeLessThanOrEqual(SIDE);
      expect(longest.right.includes(0)).toBe(false);
    }
  });

  test('one wrong word, one iteration more or less, another seed, and neighbours changed about are refused', () => {
    const wrong = ends.slice();
    wrong[65] = (wrong[65] as number) ^ 1;
    expect(check(wrong)).toMatchObject({
      correct: false,
      detail: expect.stringMatching(/^block 2, column 1: expected /),
    });
    for (const iterations of [2, 4])
      expect(check(kernel.reference(shape, { ...input, iterations }).ends).correct).toBe(false);
    expect(check(kernel.reference(shape, kernel.input(shape, 2)).ends).correct).toBe(false);
    expect(check(Uint32Array.from(ends, (_, i) => ends[(i + SIDE) % ends.length] as number)).correct).toBe(false);
    expect(check(ends.subarray(1)).detail).toBe('ends must hold 2240 words, got 2239');
  });

  test.each([
    [{ blocks: 0 }, 'blocks must be a whole number from 1 to 1048576, got 0'],
    [{ iterations: 257 }, 'iterations must be a whole number from 1 to 256, got 257'],
    [{ lefts: new Int8Array(5) }, 'lefts must hold 2048 elements, got 5'],
    [{ right: new Uint8Array(1024) }, 'right must be an Int8Array of 1024 elements, got Uint8Array'],
    [{ odd: 1 }, 'unknown argument "odd"'],
  ])('shapeOf refuses by the name of the argument: %j', (wrong, message) => {
    expect(() => kernel.shapeOf({ ...input, ...wrong })).toThrow(InputError);
    expect(() => kernel.shapeOf({ ...input, ...wrong })).toThrow(message);
  });

  test('takes its own input', () => {
    expect(kernel.shapeOf(input)).toEqual({ shape, input });
  });

  test('counts 2·M·N·K for each product, whatever the unit’s size', () => {
    // An iteration of a block: four times two lefts of 32×32, times a right of 32×32.
    expect(kernel.work(shape).operations).toBe(70 * 3 * 4 * 2 * (2 * 32 * 32 * 32));
  });
});

test('sums that f16 cannot hold are refused with how far they may come', () => {
  const input = matrixF16.input({ blocks: 1, iterations: 256 }, 1);
  // Twice the same left: nothing cancels.
  const lefts = new Int8Array(2 * AREA).fill(1);
  expect(() => matrixF16.shapeOf({ ...input, lefts })).toThrow(
    /^matrix-f16: sums may come to \d+ .* exact up to 2048$/,
  );
});

describe('a plan for the adapter’s matrix units', () => {
  const [f32, f16] = matrixF16.variants as [(typeof matrixF16.variants)[0], (typeof matrixF16.variants)[0]];
  const plan = (changes: Partial<Limits>, tuning = { subgroups: 4 }) =>
    f32.plan({ blocks: 100, iterations: 5 }, tuning, { ...limits, ...changes }).dispatches[0];

  test('has its sizes, and whole subgroups of the largest size', () => {
    expect(plan({})).toMatchObject({
      constants: { M: 16, N: 16, K: 16, SUBGROUPS: 4, GROUP: 128, REPEATS: 20 },
      workgroups: [25, 1, 1],
    });
    expect(plan({ subgroupMaxSize: 128 })).toMatchObject({
      constants: { SUBGROUPS: 2, GROUP: 256 },
      workgroups: [50, 1, 1],
    });
  });

  test('takes no size that does not divide a block', () => {
    const subgroupMatrixConfigs = [
      { ...config, M: 32 },
      { ...config, N: 8 },
      { ...config, K: 64 },
    ];
    expect(plan({ subgroupMatrixConfigs })?.constants).toMatchObject({ M: 16, N: 8, K: 16 });
  });

  test('is refused for want of a unit, naming what there is', () => {
    expect(() => f16.plan({ blocks: 1, iterations: 1 }, { subgroups: 4 }, limits)).toThrow(MissingUnitError);
    expect(() => f16.plan({ blocks: 1, iterations: 1 }, { subgroups: 4 }, limits)).toThrow(
      /^matrix-f16\/f16-sums needs subgroup matrices f16 to f16 .* has 16x16x16 f16 to f32$/,
    );
  });
});

test('inputs of a seed are the same every time', () => {
  const chain = { most: { left: 1, right: 1, start: 512 } } as Parameters<typeof matrixInput>[0];
  const shape = { blocks: 1, iterations: 1 };
  expect(matrixInput(chain, shape, 5)).toEqual(matrixInput(chain, shape, 5));
  expect(matrixInput(chain, shape, 5)).not.toEqual(matrixInput(chain, shape, 6));
});
