import { z } from 'zod';

/** What a process that has loaded Dawn tells about an adapter, as plain data. */
const subgroupMatrix = z.object({
  componentType: z.string(),
  resultComponentType: z.string(),
  M: z.number(),
  N: z.number(),
  K: z.number(),
});

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
  subgroupMatrixConfigs: z.array(subgroupMatrix).nullable(),
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
  const info = adapter.info as GPUAdapterInfo & {
    subgroupMatrixConfigs?: Iterable<z.infer<typeof subgroupMatrix>> | null;
  };
  const configs = info.subgroupMatrixConfigs;
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
    subgroupMatrixConfigs: configs
      ? [...configs].map(({ componentType, resultComponentType, M, N, K }) => ({
          componentType,
          resultComponentType,
          M,
          N,
          K,
        }))
      : null,
  };
}
