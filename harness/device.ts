import type { Limits } from '../kernels/declaration.js';
import type { Device } from '../reports/schema.js';
import { readMatrixConfigs } from './environment/adapter-info.js';
import { selectAdapter } from './environment/adapters.js';
import { dawnOptions } from './environment/dawn.js';
import { isSoftware } from './environment/software.js';
import { LIMIT_NAMES, limitsOf } from './limits.js';
import type { OpenParams } from './protocol.js';

/** No adapter in this environment is the one that was asked for. */
export class NoAdapterError extends Error {
  override name = 'NoAdapterError';
}

export interface OpenDevice {
  readonly gpu: GPUDevice;
  readonly device: Device;
  readonly limits: Limits;
  /** What a variant may require: features of the device and of the WGSL language. */
  readonly features: ReadonlySet<string>;
  /** False: samples are timed on the host's clock. */
  readonly timestamps: boolean;
}

/** Features that a kernel may declare a need for; requested where the adapter has them. */
const WANTED_FEATURES = [
  'timestamp-query',
  'shader-f16',
  'subgroups',
  'subgroup-size-control',
  'chromium-experimental-subgroup-matrix',
];

/**
 * Opens the one device of this process, with every limit that plans read raised to what the adapter has
 * (the defaults are 16 KiB of workgroup storage and 256 invocations).
 * @throws {NoAdapterError}
 */
export async function openDevice(params: OpenParams): Promise<OpenDevice> {
  const { create, globals } = await import('webgpu');
  Object.assign(globalThis, globals);
  const options = dawnOptions(params.mode);
  const selected = await selectAdapter(create, params, params.mode);
  if (!selected) throw new NoAdapterError(`no adapter for ${JSON.stringify(params)}`);
  const { gpu: dawn, adapter, name, backend } = selected;
  // For tests: an adapter without timestamps is rare, and its fallback must work all the same.
  const withheld = process.env.ASSAY_WITHHOLD_FEATURES?.split(',') ?? [];
  const features = WANTED_FEATURES.filter((f) => adapter.features.has(f) && !withheld.includes(f));
  const language = [...dawn.wgslLanguageFeatures].filter((f) => !withheld.includes(f));
  const requiredLimits = Object.fromEntries(LIMIT_NAMES.map((limit) => [limit, Number(adapter.limits[limit])]));
  const gpu = await adapter.requestDevice({
    requiredFeatures: features as GPUFeatureName[],
    requiredLimits,
  });
  const { info } = adapter;
  const matrices = features.includes('chromium-experimental-subgroup-matrix') ? readMatrixConfigs(info) : null;
  const device: Device = {
    name,
    vendor: info.vendor,
    architecture: info.architecture,
    description: info.description,
    backend,
    software: isSoftware(info),
    driver: info.description || null,
    features: [...adapter.features, ...language].sort(),
    limits: {
      ...requiredLimits,
      subgroupMinSize: info.subgroupMinSize ?? 0,
      subgroupMaxSize: info.subgroupMaxSize ?? 0,
    },
    ...(matrices && matrices.length > 0 && { subgroupMatrixConfigs: matrices }),
    toggles: { enabled: options.enabled, disabled: options.disabled },
    identity: null,
    vramBytes: null,
    powerLimitWatts: null,
  };
  return {
    gpu,
    features: new Set([...features, ...language]),
    limits: limitsOf(device),
    timestamps: features.includes('timestamp-query'),
    device,
  };
}
