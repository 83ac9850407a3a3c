import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { create, globals } from 'webgpu';
import { Execution } from '../../harness/execution.js';
import { PipelineCache } from '../../harness/pipelines.js';
import { refusalOf } from '../../harness/refusal.js';
import { ResidentCache, SetupTooSlowError } from '../../harness/residents.js';
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

describe('a setup that takes longer than is allowed', () => {
  const STEPS = 8;
  const long = { ...plan, setup: Array.from({ length: STEPS }, () => dispatch('setup', ['given', 'table'])) };

  /** Makes a long setup on a device where the steps seem to take so long, one after the other. */
  async function setUp(seconds: readonly number[], mostMs: number) {
    const { alive } = watchBuffers();
    const cache = new ResidentCache(device);
    const one = await Execution.create(device, long, await pipelines.compile(long), cache);
    const real = performance.now.bind(performance);
    let [ahead, steps] = [0, 0];
    vi.spyOn(performance, 'now').mockImplementation(() => real() + ahead);
    const submit = device.queue.submit.bind(device.queue);
    vi.spyOn(device.queue, 'submit').mockImplementation((commands) => {
      ahead += 1000 * (seconds[steps++] ?? 0);
      return submit(commands);
    });
    const error = await one.addSet({ input: view(), given: view() }, mostMs).catch((thrown: unknown) => thrown);
    return { error, steps, alive, release: () => one.release() };
  }
  const even = Array.from({ length: STEPS }, () => 1);

  test('the control: one that just keeps to it is made to the end', async () => {
    const { error, steps, alive, release } = await setUp(even, 9000);
    expect([error, steps]).toEqual([undefined, STEPS]);
    expect(alive).toContain('table');
    release();
    expect(alive).toEqual([]);
  });

  test('is refused as soon as that is foreseen, and leaves nothing on the device', async () => {
    const { error, steps, alive, release } = await setUp(even, 7000);
    expect(error).toBeInstanceOf(SetupTooSlowError);
    expect((error as Error).message).toMatch(/would take about 8 s to make here; at most 7 s are allowed/);
    // Four seconds and a little: before that it would be a guess from too little.
    expect(steps).toBe(4);
    expect(alive.filter((name) => name !== 'output')).toEqual([]);
    release();
    expect(alive).toEqual([]);
  });

  test('is not refused for the first steps alone, which compile and allocate', async () => {
    const { error, steps, release } = await setUp([3, ...even.slice(1).map(() => 0.5)], 11_000);
    expect([error, steps]).toEqual([undefined, STEPS]);
    release();
  });

  test('is told as too slow for the adapter, which is no failure of the kernel', async () => {
    const { error } = await setUp(even, 100);
    expect(refusalOf(error)).toMatchObject({
      status: 'skipped',
      reason: { code: 'too-slow-for-adapter', detail: expect.stringMatching(/at most 0\.1 s/) },
    });
  });
});
