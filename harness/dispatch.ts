import type { BufferContents, BufferPlan, Dispatch } from '../kernels/declaration.js';
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
    const { buffer, byteOffset, byteLength } = contentsOf(contents, { name: immediate });
    pass.setImmediates(0, buffer as ArrayBuffer, byteOffset, byteLength);
  }
  pass.dispatchWorkgroups(...workgroups);
}

/** What the variant encodes for a buffer, else what its plan says of it. */
export function contentsOf(contents: BufferContents, plan: Pick<BufferPlan, 'name' | 'contents'>): ArrayBufferView {
  const { name } = plan;
  const view = contents[name] ?? plan.contents;
  if (!view) throw new RangeError(`the variant's encode() gives no contents for buffer ${name}`);
  return view;
}
