import { beforeAll, describe, expect, test, vi } from 'vitest';
import { create, globals } from 'webgpu';
import { GUARD_BYTES } from '../../harness/buffers.js';
import { Execution } from '../../harness/execution.js';
import { checkedPlan, effectiveTuning } from '../../harness/limits.js';
import { PipelineCache } from '../../harness/pipelines.js';
import { ResidentCache } from '../../harness/residents.js';
import type { BufferContents, Limits, Plan, Shape } from '../../kernels/declaration.js';
import { ShapeError } from '../../kernels/errors.js';
import { kernels } from '../../kernels/index.js';
import { workloadId } from '../../kernels/shape.js';
import { MATRIX_FEATURES } from '../../kernels/subgroup-matrix.js';
import { nullLimits } from './null-limits.js';

Object.assign(globalThis, globals);
// Reachable for the life of the process: Node crashes when it is collected while a device lives.
const gpu = create(['backend=null', 'enable-dawn-features=allow_unsafe_apis']);
let device: GPUDevice;
let limits: Limits;
beforeAll(async () => {
  const adapter = (await gpu.requestAdapter()) as GPUAdapter;
  const asked = nullLimits(adapter);
  const requiredFeatures = [...adapter.features] as GPUFeatureName[];
  device = await adapter.requestDevice({ requiredFeatures, requiredLimits: asked.required });
  limits = asked.limits;
});

const SETS = 2;
/** The null backend takes host memory for its buffers. */
const MOST_BYTES = 256 * 2 ** 20;

/** What a plan says that it needs, with so many input sets. */
function declaredBytes({ buffers }: Plan): number {
  const sets = ({ role }: Plan['buffers'][0]) => (['input', 'uniform', 'upload'].includes(role) ? SETS : 1);
  return buffers
    .filter(({ role }) => role !== 'immediate')
    .reduce((sum, buffer) => sum + buffer.byteLength * sets(buffer), 0);
}

describe('what is allocated is what is declared, and guard words', () => {
  for (const kernel of kernels)
    for (const variant of kernel.variants)
      test(`${kernel.id}/${variant.id}`, async (context) => {
        const wide = { ...limits, maxBufferSize: 2 ** 40, maxStorageBufferBindingSize: 2 ** 40 };
        let plans: { shape: Shape; plan: Plan }[];
        try {
          plans = [kernel.pilot, ...kernel.workloads].map((shape) => ({
            shape,
            plan: checkedPlan(kernel, variant, shape, effectiveTuning(variant, {}), wide),
          }));
        } catch (error) {
          // Its subgroups are as large as a workgroup may be, and a tile of matrix units wants several.
          if (!(error instanceof ShapeError && variant.requires?.includes(MATRIX_FEATURES[0]))) throw error;
          return context.skip(`the null backend: ${error.message}`);
        }
        const fitting = plans.filter(({ plan }) => {
          const largest = Math.max(...plan.buffers.map(({ byteLength }) => byteLength));
          return declaredBytes(plan) <= MOST_BYTES && largest < limits.maxStorageBufferBindingSize - GUARD_BYTES;
        });
        if (fitting.length === 0) return context.skip('every shape exceeds the null backend');
        for (const { shape, plan } of fitting) {
          let created = 0;
          const original = device.createBuffer.bind(device);
          const spy = vi.spyOn(device, 'createBuffer').mockImplementation((descriptor) => {
            created += descriptor.size;
            return original(descriptor);
          });
          const pipelines = new PipelineCache(device);
          const residents = new ResidentCache(device);
          const execution = await Execution.create(device, plan, await pipelines.compile(plan), residents);
          const contents: BufferContents = Object.fromEntries(
            plan.buffers.map(({ name, byteLength }) => [name, new Uint8Array(byteLength)]),
          );
          for (let set = 0; set < SETS; set++) await execution.addSet(contents);
          spy.mockRestore();
          expect(execution.deviceBytes).toBe(created);
          execution.release();
          const guards = GUARD_BYTES * SETS * plan.buffers.length;
          const most = Math.max(declaredBytes(plan) * 1.01, declaredBytes(plan) + guards);
          expect(created, workloadId(kernel, shape)).toBeLessThanOrEqual(most);
          expect(created, workloadId(kernel, shape)).toBeGreaterThanOrEqual(declaredBytes(plan));
        }
        return undefined;
      });
});
