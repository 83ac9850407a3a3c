import type { create as createFunction } from 'webgpu';

/** `create` of the `webgpu` package, passed in so that this module can be imported where Dawn must not be loaded. */
export type Create = typeof createFunction;

/** `safe` keeps WebGPU's guarantees; `peer-equal` gives them up exactly as far as ONNX Runtime's WebGPU provider does. */
export type DawnMode = 'safe' | 'peer-equal';

export interface DawnOptions {
  readonly enabled: string[];
  readonly disabled: string[];
  /** What `create()` of the `webgpu` package takes. */
  readonly arguments: string[];
}

/**
 * Dawn's toggles for a mode; the same lists belong into the result's `device.toggles`.
 * Quantised timestamps step by 65.536 µs, `allow_unsafe_apis` opens subgroup matrices, and f16 on NVIDIA is off
 * upstream because some conformance cases fail there, so every f16 kernel has to be verified.
 */
export function dawnOptions(mode: DawnMode): DawnOptions {
  const enabled = ['allow_unsafe_apis', 'vulkan_enable_f16_on_nvidia'];
  if (mode === 'peer-equal') enabled.push('disable_robustness', 'skip_validation', 'use_vulkan_memory_model');
  const disabled = ['timestamp_quantization'];
  return {
    enabled,
    disabled,
    arguments: [`enable-dawn-features=${enabled.join(',')}`, `disable-dawn-features=${disabled.join(',')}`],
  };
}

/** Node segfaults when the object that `create()` returned is collected while a device lives. */
const alive: GPU[] = [];

/**
 * Starts Dawn and keeps it reachable for the life of the process.
 * @param adapterName part of an adapter's name, as Dawn matches it (case-sensitive, first match wins); null takes Dawn's order
 */
export function createGpu(create: Create, mode: DawnMode, adapterName: string | null): GPU {
  const options = [...dawnOptions(mode).arguments];
  if (adapterName !== null) options.push(`adapter=${adapterName}`);
  const gpu = create(options);
  alive.push(gpu);
  return gpu;
}
