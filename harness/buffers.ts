import type { BufferPlan, BufferReadback, BufferRole } from '../kernels/declaration.js';
import { guarded } from './submit.js';
import { restfully } from './wait.js';

/** Words after every storage buffer's data that no kernel may change. They are bound with the data. */
export const GUARD_BYTES = 256;
const GUARD_WORDS = Uint32Array.from({ length: GUARD_BYTES / 4 }, (_, i) => 0xa55a0000 + i);
/** Outputs hold this before they are verified: a NaN as f32, an unlikely word as u32. */
const POISON = 0xffffffff;

export interface DeviceBuffer {
  readonly plan: BufferPlan;
  readonly gpu: GPUBuffer;
}

/** A kernel wrote where it may not. */
export class GuardError extends Error {
  override name = 'GuardError';
}

/** Host memory that the device copies from holds nothing but its data; so does a uniform block. */
const isGuarded = ({ role }: BufferPlan) => role !== 'uniform' && role !== 'upload';

/** Bytes that a buffer takes with its guard words. Immediate data takes none. */
export function allocatedBytes(plan: BufferPlan): number {
  if (plan.role === 'immediate') return 0;
  return plan.byteLength + (isGuarded(plan) ? GUARD_BYTES : 0);
}

function usageOf(role: BufferRole): GPUBufferUsageFlags {
  if (role === 'upload') return GPUBufferUsage.MAP_WRITE | GPUBufferUsage.COPY_SRC;
  if (role === 'readback') return GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
  const bound = role === 'uniform' ? GPUBufferUsage.UNIFORM : GPUBufferUsage.STORAGE;
  return GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC | bound;
}

/** Allocates a buffer with its guard words written. @throws {OutOfMemoryError} */
export async function allocate(device: GPUDevice, plan: BufferPlan): Promise<DeviceBuffer> {
  const gpu = await guarded(device, `allocating ${plan.byteLength} bytes for ${plan.name}`, () => {
    const buffer = device.createBuffer({ label: plan.name, size: allocatedBytes(plan), usage: usageOf(plan.role) });
    if (isGuarded(plan)) device.queue.writeBuffer(buffer, plan.byteLength, GUARD_WORDS);
    return buffer;
  });
  return { plan, gpu };
}

/** Writes contents that must fill the buffer's data exactly. */
export async function upload(device: GPUDevice, { plan, gpu }: DeviceBuffer, contents: ArrayBufferView): Promise<void> {
  const { name, role, byteLength } = plan;
  if (contents.byteLength !== byteLength)
    throw new RangeError(`buffer ${name} holds ${byteLength} bytes, its contents are ${contents.byteLength}`);
  await guarded(device, `uploading ${name}`, async () => {
    if (role === 'upload') {
      await restfully(gpu.mapAsync(GPUMapMode.WRITE));
      new Uint8Array(gpu.getMappedRange()).set(bytesOf(contents));
      gpu.unmap();
    } else device.queue.writeBuffer(gpu, 0, contents.buffer as ArrayBuffer, contents.byteOffset, contents.byteLength);
  });
}

const bytesOf = (view: ArrayBufferView) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

/** Fills the data, not the guards, with poison, so that a kernel that writes nothing is seen. */
export async function poison(device: GPUDevice, buffer: DeviceBuffer): Promise<void> {
  await upload(device, buffer, new Uint32Array(buffer.plan.byteLength / 4).fill(POISON));
}

/** Reads data and guards back. @throws {GuardError} when a guard word changed */
export async function readback(device: GPUDevice, buffers: readonly DeviceBuffer[]): Promise<BufferReadback> {
  const staged = await guarded(device, 'reading back', () => {
    const encoder = device.createCommandEncoder();
    const copies = buffers.map(({ gpu, plan }) => {
      // It lies in host memory already.
      if (plan.role === 'readback') return { plan, staging: gpu };
      const staging = device.createBuffer({ size: gpu.size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
      encoder.copyBufferToBuffer(gpu, 0, staging, 0, gpu.size);
      return { plan, staging };
    });
    device.queue.submit([encoder.finish()]);
    return copies;
  });
  const data: Record<string, Uint8Array> = {};
  try {
    for (const { plan, staging } of staged) {
      await restfully(staging.mapAsync(GPUMapMode.READ));
      const bytes = new Uint8Array(staging.getMappedRange()).slice();
      data[plan.name] = bytes.subarray(0, plan.byteLength);
      if (isGuarded(plan)) checkGuard(plan, bytes);
    }
  } finally {
    for (const { plan, staging } of staged)
      if (plan.role === 'readback') staging.unmap();
      else staging.destroy();
  }
  return data;
}

function checkGuard(plan: BufferPlan, bytes: Uint8Array): void {
  const guard = new Uint32Array(bytes.buffer, plan.byteLength, GUARD_BYTES / 4);
  const changed = guard.findIndex((word, i) => word !== GUARD_WORDS[i]);
  if (changed >= 0)
    throw new GuardError(`${plan.name}: the word ${changed * 4} bytes past the end of the data was overwritten`);
}
