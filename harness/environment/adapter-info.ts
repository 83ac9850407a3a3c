import { z } from 'zod';
import type { SubgroupMatrixConfig } from '../../kernels/declaration.js';
import { subgroupMatrixConfig } from '../../reports/schema.js';

/** What a process that has loaded Dawn tells about an adapter, as plain data. */
export const adapterInfo = z.object({
  name: z.string(),
  backend: z.string(),
  vendor: z.string(),
  architecture: z.string(),
  device: z.string(),
  /** On Vulkan the driver's name and version. */
  description: z.string(),
  isFallbackAdapter: z.boolean(),
  subgroupMinSize: z.number().nullable(),
  subgroupMaxSize: z.number().nullable(),
  features: z.array(z.string()),
  limits: z.record(z.string(), z.number()),
  subgroupMatrixConfigs: z.array(subgroupMatrixConfig).nullable(),
});
export type AdapterInfo = z.infer<typeof adapterInfo>;

export const probeAnswer = z.union([
  z.object({ adapters: z.array(adapterInfo), hidden: z.array(z.string()) }),
  z.object({ error: z.object({ stage: z.enum(['load', 'adapter']), message: z.string() }) }),
]);
export type ProbeAnswer = z.infer<typeof probeAnswer>;

/** Every limit the adapter states; they are getters of its prototype, so that Object.keys sees none. */
export function readLimits(limits: GPUSupportedLimits): Record<string, number> {
  const values: Record<string, number> = {};
  for (const name of Object.getOwnPropertyNames(Object.getPrototypeOf(limits))) {
    const value: unknown = Reflect.get(limits, name);
    if (typeof value === 'number') values[name] = value;
  }
  return values;
}

/** What the adapter's matrix units compute; null where it does not tell. Dawn tells only with `allow_unsafe_apis`. */
export function readMatrixConfigs(info: GPUAdapterInfo): SubgroupMatrixConfig[] | null {
  const { subgroupMatrixConfigs } = info as { subgroupMatrixConfigs?: Iterable<SubgroupMatrixConfig> | null };
  if (!subgroupMatrixConfigs) return null;
  // They are objects with getters: spreading one copies nothing.
  return [...subgroupMatrixConfigs].map(({ componentType, resultComponentType, M, N, K }) => ({
    ...{ componentType, resultComponentType, M, N, K },
  }));
}

/** Reads an adapter into plain data. */
export function describeAdapter({
  name,
  backend,
  adapter,
}: {
  name: string;
  backend: string;
  adapter: GPUAdapter;
}): AdapterInfo {
  const { info } = adapter;
  return {
    name,
    backend,
    vendor: info.vendor,
    architecture: info.architecture,
    device: info.device,
    description: info.description,
    isFallbackAdapter: info.isFallbackAdapter,
    subgroupMinSize: info.subgroupMinSize ?? null,
    subgroupMaxSize: info.subgroupMaxSize ?? null,
    features: [...adapter.features].sort(),
    limits: readLimits(adapter.limits),
    subgroupMatrixConfigs: readMatrixConfigs(info),
  };
}
