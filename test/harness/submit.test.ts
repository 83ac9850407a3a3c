import { beforeAll, describe, expect, test } from 'vitest';
import { create, globals } from 'webgpu';
import { allocate, GUARD_BYTES } from '../../harness/buffers.js';
import { guarded, SubmissionError } from '../../harness/submit.js';

Object.assign(globalThis, globals);
// Reachable for the life of the process: Node crashes when it is collected while a device lives.
const gpu = create(['backend=null']);
let device: GPUDevice;
beforeAll(async () => {
  const adapter = await gpu.requestAdapter();
  if (!adapter) throw new Error('the null backend has no adapter');
  device = await adapter.requestDevice();
});

describe('submissions are guarded', () => {
  test('the control: work that is valid passes its value through', async () => {
    expect(await guarded(device, 'nothing', () => 42)).toBe(42);
  });

  test('a dispatch that fails validation is an error, never a fast kernel', async () => {
    const submit = guarded(device, 'a dispatch without a pipeline', () => {
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      pass.dispatchWorkgroups(1);
      pass.end();
      device.queue.submit([encoder.finish()]);
    });
    await expect(submit).rejects.toBeInstanceOf(SubmissionError);
    await expect(submit).rejects.toThrow(/^a dispatch without a pipeline: /);
  });

  test('an exception leaves no scope open that would swallow the next error', async () => {
    const boom = guarded(device, 'thrower', () => {
      throw new TypeError('boom');
    });
    await expect(boom).rejects.toThrow('boom');
    device.pushErrorScope('validation');
    device.createBuffer({ size: 4, usage: 0xffff });
    expect(await device.popErrorScope()).not.toBeNull();
  });

  test('a buffer is allocated with its guard behind it, a uniform without', async () => {
    const storage = await allocate(device, { name: 'a', role: 'output', byteLength: 64 });
    const uniform = await allocate(device, { name: 'u', role: 'uniform', byteLength: 64 });
    expect(storage.gpu.size).toBe(64 + GUARD_BYTES);
    expect(uniform.gpu.size).toBe(64);
  });
});
