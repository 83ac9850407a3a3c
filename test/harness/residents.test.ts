import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { create, globals } from 'webgpu';
import { Execution } from '../../harness/execution.js';
import { PipelineCache } from '../../harness/pipelines.js';
import { ResidentCache } from '../../harness/residents.js';
import type { Plan } from '../../kernels/declaration.js';

Object.assign(globalThis, globals);
// Reachable for the life of the process: Node crashes when it is collected while a device lives.
const gpu = create(['backend=null']);
let device: GPUDevice;
let pipelines: PipelineCache;
beforeAll(async () => {
  device = await ((await gpu.requestAdapter()) as GPUAdapter).requestDevice();
  pipelines = new PipelineCache(device);
});
afterEach(() => {
  vi.restoreAllMocks();
});

const file = (name: string) => fileURLToPath(new URL(`../fixtures/plans/${name}.wgsl`, import.meta.url));
const bytes = 4096;
const dispatch = (wgsl: string, bindings: string[]) => ({
  ...{ wgsl: file(wgsl), constants: { N: bytes / 4 }, bindings, workgroups: [16, 1, 1] as const },
});
const plan: Plan = {
  buffers: (
    [
      ['input', 'input'],
      ['given', 'resident'],
      ['table', 'resident'],
      ['output', 'output'],
    ] as const
  ).map(([name, role]) => ({ name, role, byteLength: bytes })),
  setup: [dispatch('setup', ['given', 'table'])],
  dispatches: [dispatch('resident', ['input', 'table', 'output'])],
};
const view = () => new Uint32Array(bytes / 4);

/** How many buffers of each name were created, and how many of them are still there. */
function watchBuffers() {
  const created: string[] = [];
  const alive: string[] = [];
  const original = device.createBuffer.bind(device);
  vi.spyOn(device, 'createBuffer').mockImplementation((descriptor) => {
    const buffer = original(descriptor);
    const label = descriptor.label ?? '';
    created.push(label);
    alive.push(label);
    const destroy = buffer.destroy.bind(buffer);
    buffer.destroy = () => {
      alive.splice(alive.indexOf(label), 1);
      return destroy();
    };
    return buffer;
  });
  return { created, alive };
}

async function execution(cache: ResidentCache, given: ArrayBufferView) {
  const one = await Execution.create(device, plan, await pipelines.compile(plan), cache);
  await one.addSet({ input: view(), given });
  return one;
}

test('executions that are given the same object share their residents, and the last one frees them', async () => {
  const { created, alive } = watchBuffers();
  const cache = new ResidentCache(device);
  const given = view();
  const [first, second] = [await execution(cache, given), await execution(cache, given)];
  await second.addSet({ input: view(), given });
  expect(created.filter((name) => name === 'table')).toHaveLength(1);
  first.release();
  expect(alive).toContain('table');
  second.release();
  expect(alive).toEqual([]);
});

test('other contents, though equal, get residents of their own', async () => {
  const { created, alive } = watchBuffers();
  const cache = new ResidentCache(device);
  const [first, second] = [await execution(cache, view()), await execution(cache, view())];
  expect(created.filter((name) => name === 'table')).toHaveLength(2);
  first.release();
  second.release();
  expect(alive).toEqual([]);
});

test('new contents in an old execution replace its residents and free the old ones', async () => {
  const { created, alive } = watchBuffers();
  const one = await execution(new ResidentCache(device), view());
  await one.fill({ input: view(), given: view() });
  expect(created.filter((name) => name === 'table')).toHaveLength(2);
  expect(alive.filter((name) => name === 'table')).toHaveLength(1);
  one.release();
  expect(alive).toEqual([]);
});

test('a setup that binds anything but residents is a defect, and nothing stays allocated', async () => {
  const { alive } = watchBuffers();
  const wrong = { ...plan, setup: [dispatch('setup', ['input', 'table'])] };
  const one = await Execution.create(device, wrong, await pipelines.compile(wrong), new ResidentCache(device));
  await expect(one.addSet({ input: view(), given: view() })).rejects.toThrow(/setup\.wgsl binds input/);
  one.release();
  expect(alive).toEqual([]);
});
