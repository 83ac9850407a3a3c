import { beforeAll, describe, expect, test } from 'vitest';
import { create } from 'webgpu';
import { checkedPlan, effectiveTuning } from '../../harness/limits.js';
import { assemble, compile, locate } from '../../harness/program.js';
import type { Limits, Plan } from '../../kernels/declaration.js';
import { ShapeError } from '../../kernels/errors.js';
import { kernels } from '../../kernels/index.js';
import { kernelName, workloadId } from '../../kernels/shape.js';
import { nullLimits } from './null-limits.js';

// Reachable for the life of the process: Node crashes when it is collected while a device lives.
const gpu = create(['backend=null', 'enable-dawn-features=allow_unsafe_apis']);
let device: GPUDevice;
let limits: Limits;

beforeAll(async () => {
  const adapter = await gpu.requestAdapter();
  if (!adapter) throw new Error('the null backend has no adapter');
  const asked = nullLimits(adapter);
  const requiredFeatures = [...adapter.features] as GPUFeatureName[];
  device = await adapter.requestDevice({ requiredFeatures, requiredLimits: asked.required });
  limits = asked.limits;
});

const files: Record<string, string> = { 'module.wgsl': 'fn f() -> u32 {\n  return N;\n}', 'main.wgsl': 'x\ny\nz' };
const read = (path: string) => files[path] as string;

describe('program assembly', () => {
  const program = assemble(
    {
      ...{ wgsl: 'main.wgsl', modules: ['module.wgsl'], enables: ['f16'], aliases: { T: 'f16' } },
      constants: {
        N: 3,
        scale: { type: 'f32', value: 2 },
        tiny: { type: 'f32', value: 1e-7 },
        odd: { type: 'i32', value: -5 },
        yes: { type: 'bool', value: true },
      },
      ...{ bindings: [], workgroups: [1, 1, 1] as const },
    },
    read,
  );

  test('puts enables, aliases and constants before modules before the file', () => {
    expect(program.code).toBe(
      'enable f16;\nalias T = f16;\nconst N: u32 = 3u;\nconst scale: f32 = 2.0f;\nconst tiny: f32 = 1e-7f;\n' +
        'const odd: i32 = -5i;\nconst yes: bool = true;\nfn f() -> u32 {\n  return N;\n}\nx\ny\nz',
    );
    expect(program.entryPoint).toBe('main');
  });

  test('remembers where each line came from', () => {
    expect(program.origins.slice(0, 7)).toEqual(Array(7).fill(null));
    expect(program.origins[7]).toEqual({ file: 'module.wgsl', line: 1 });
    expect(program.origins[12]).toEqual({ file: 'main.wgsl', line: 3 });
    expect(program.origins).toHaveLength(program.code.split('\n').length);
  });

  test('places a message in the source, with the line and a caret', () => {
    const placed = locate(program, { message: 'no', lineNum: 9, linePos: 10 });
    expect(placed).toBe('kernels/module.wgsl:2:10: no\n      return N;\n             ^');
    expect(locate(program, { message: 'no', lineNum: 1, linePos: 1 })).toContain('generated header, line 1');
  });

  test.each([
    ['u32', 1.5],
    ['i32', Number.NaN],
    ['f32', Number.POSITIVE_INFINITY],
  ] as const)('refuses a %s constant of %s', (type, value) => {
    const dispatch = { wgsl: 'main.wgsl', constants: { bad: { type, value } }, bindings: [], workgroups: [1, 1, 1] };
    expect(() => assemble(dispatch as never, read)).toThrow(/constant bad/);
  });
});

describe('every variant compiles on the null backend', () => {
  for (const kernel of kernels)
    for (const variant of kernel.variants) {
      const space = Object.entries(variant.tuning ?? {});
      // The defaults, each tuning value by itself, and the least of all.
      const least = Object.fromEntries(space.map(([name, values]) => [name, Math.min(...values)]));
      const each = space.flatMap(([name, values]) => values.slice(1).map((value) => ({ [name]: value })));
      const tunings = [{}, ...each, ...(space.length > 1 ? [least] : [])];
      // No adapter with matrix units has as little as WebGPU's default limits, so their defaults may need more.
      const roomyDefaults = variant.requires?.includes('chromium-experimental-subgroup-matrix') ?? false;
      test(`${kernelName(kernel)}/${variant.id}`, async () => {
        for (const shape of [...kernel.probes, kernel.pilot, ...kernel.workloads])
          for (const tuning of tunings) {
            const chosen = effectiveTuning(variant, tuning);
            // Nothing is allocated here, so no shape is too big.
            const roomy = { ...limits, maxBufferSize: 2 ** 40, maxStorageBufferBindingSize: 2 ** 40 };
            let plan: Plan;
            try {
              plan = checkedPlan(kernel, variant, shape, chosen, roomy);
            } catch (error) {
              // The null backend has WebGPU's default limits; a tuning may need more, the default may not.
              if (error instanceof ShapeError && (roomyDefaults || Object.keys(tuning).length > 0) && tuning !== least)
                continue;
              throw error;
            }
            const parts = plan.dispatches.length + (plan.copies?.length ?? 0);
            expect(parts, workloadId(kernel, shape)).toBeGreaterThan(0);
            if (shape === kernel.probes[0] || shape === kernel.pilot)
              for (const dispatch of plan.dispatches) await compile(device, assemble(dispatch));
          }
      });
    }
});
