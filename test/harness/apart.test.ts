import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { create, globals } from 'webgpu';
import { Execution, type Stamps } from '../../harness/execution.js';
import { PipelineCache } from '../../harness/pipelines.js';
import { ResidentCache } from '../../harness/residents.js';
import { Recording } from '../../harness/submit.js';
import type { Limits, Plan } from '../../kernels/declaration.js';
import { ethashCache } from '../../kernels/ethash-cache/kernel.js';

Object.assign(globalThis, globals);
// Reachable for the life of the process: Node crashes when it is collected while a device lives.
const gpu = create(['backend=null']);
let device: GPUDevice;
beforeAll(async () => {
  device = await ((await gpu.requestAdapter()) as GPUAdapter).requestDevice();
});

const bytes = 256;
const step = (workgroups: number) => ({
  ...{ wgsl: fileURLToPath(new URL('../fixtures/plans/setup.wgsl', import.meta.url)), constants: { N: bytes / 4 } },
  ...{ bindings: ['input', 'count'], workgroups: [workgroups, 1, 1] as const },
});
/** Three dispatches, told apart by their size. */
const three: Plan = {
  buffers: [
    { name: 'input', role: 'input', byteLength: bytes },
    { name: 'count', role: 'counter', byteLength: bytes },
  ],
  dispatches: [step(1), step(2), step(3)],
};

async function execution(plan: Plan) {
  const one = await Execution.create(
    device,
    plan,
    await new PipelineCache(device).compile(plan),
    new ResidentCache(device),
  );
  await one.addSet({ input: new Uint32Array(bytes / 4) });
  return one;
}

/** What reaches a device, in order. */
function recorded(one: Execution, count: number, stamps?: Stamps): string[] {
  const log: string[] = [];
  const recording = new Recording({
    createCommandEncoder: () => ({
      beginComputePass: ({ timestampWrites: t }: GPUComputePassDescriptor = {}) => {
        log.push(
          `pass${t ? ` stamped ${[t.beginningOfPassWriteIndex ?? '', t.endOfPassWriteIndex ?? ''].join('-')}` : ''}`,
        );
        return {
          setPipeline() {},
          setBindGroup() {},
          end() {},
          dispatchWorkgroups: (x: number) => log.push(`step ${x}`),
        };
      },
      clearBuffer: () => log.push('clear'),
      finish() {},
    }),
    queue: { submit: () => log.push('submit') },
  } as unknown as GPUDevice);
  one.encode(recording, count, stamps);
  recording.submit();
  return log;
}
const stamps = { querySet: {} as GPUQuerySet, begin: 1, end: 2 };

describe('a plan whose dispatches are apart', () => {
  test('submits each by itself, in order, and is timed from the first to the last', async () => {
    const one = await execution({ ...three, apart: true });
    expect(recorded(one, 1, stamps)).toEqual([
      ...['clear', 'pass stamped 1-', 'step 1', 'submit'],
      ...['pass', 'step 2', 'submit'],
      ...['pass stamped -2', 'step 3', 'submit'],
    ]);
    one.release();
  });

  test('zeroes its counters before every execution, not before every dispatch', async () => {
    const one = await execution({ ...three, apart: true });
    const execution1 = ['pass', 'step 1', 'submit', 'pass', 'step 2', 'submit', 'pass', 'step 3', 'submit'];
    expect(recorded(one, 2)).toEqual(['clear', ...execution1, 'clear', ...execution1]);
    one.release();
  });

  test('the control: any other plan is one submission', async () => {
    const one = await execution(three);
    expect(recorded(one, 2, stamps)).toEqual([
      ...['clear', 'pass stamped 1-', 'step 1', 'step 2', 'step 3'],
      ...['clear', 'pass stamped -2', 'step 1', 'step 2', 'step 3', 'submit'],
    ]);
    one.release();
  });

  test('a submission that the device refuses is an error, whichever of them it is', async () => {
    const one = await execution({ ...three, apart: true });
    const submit = device.queue.submit.bind(device.queue);
    let count = 0;
    vi.spyOn(device.queue, 'submit').mockImplementation((commands) => {
      // The first one's commands a second time, which is not allowed.
      submit(commands);
      if (count++ === 0) submit(commands);
    });
    await expect(one.once()).rejects.toThrow(/^executing: /);
    expect(count).toBe(3);
    vi.restoreAllMocks();
    one.release();
  });
});

test('the light cache of epoch 0 keeps no device at one submission for longer than a dispatch', () => {
  const plan = (rows: number) => ethashCache.variants[0]?.plan({ rows }, {}, {} as Limits) as Plan;
  expect(plan(262139)).toMatchObject({ apart: true });
  expect(plan(262139).dispatches).toHaveLength(64);
  expect(plan(1021)).toMatchObject({ apart: false });
});
