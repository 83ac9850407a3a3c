import type { BufferContents, Dispatch } from '../kernels/declaration.js';
import type { DeviceBuffer } from './buffers.js';
import type { Compiled } from './pipelines.js';

/** The bind group of a dispatch over buffers found by name. */
export function bindGroup(
  device: GPUDevice,
  dispatch: Dispatch,
  { pipeline }: Compiled,
  buffers: readonly DeviceBuffer[],
): GPUBindGroup {
  const byName = new Map(buffers.map((b) => [b.plan.name, b.gpu]));
  return device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: dispatch.bindings.map((name, binding) => {
      const buffer = byName.get(name);
      if (!buffer) throw new RangeError(`${dispatch.wgsl} binds ${name}, which is not there for it`);
      return { binding, resource: { buffer } };
    }),
  });
}

export function encodeDispatch(
  pass: GPUComputePassEncoder,
  { immediate, workgroups }: Dispatch,
  { pipeline }: Compiled,
  group: GPUBindGroup,
  contents: BufferContents,
): void {
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, group);
  if (immediate !== undefined) {
    const { buffer, byteOffset, byteLength } = contentsOf(contents, immediate);
    pass.setImmediates(0, buffer as ArrayBuffer, byteOffset, byteLength);
  }
  pass.dispatchWorkgroups(...workgroups);
}

export function contentsOf(contents: BufferContents, name: string): ArrayBufferView {
  const view = contents[name];
  if (!view) throw new RangeError(`the variant's encode() gives no contents for buffer ${name}`);
  return view;
}
