import { LIMIT_NAMES } from '../../harness/limits.js';
import type { Limits, SubgroupMatrixConfig } from '../../kernels/declaration.js';

/** As NVIDIA's matrix units have them; `f16 to f16` smaller, so that both sizes of everything are compiled. */
const MATRICES: readonly SubgroupMatrixConfig[] = [
  { componentType: 'f16', resultComponentType: 'f32', M: 16, N: 16, K: 16 },
  { componentType: 'f16', resultComponentType: 'f16', M: 8, N: 8, K: 8 },
  { componentType: 'i8', resultComponentType: 'i32', M: 16, N: 16, K: 32 },
  { componentType: 'u8', resultComponentType: 'u32', M: 16, N: 16, K: 32 },
];

/**
 * What to ask the null backend's adapter for, and the limits that plans then read. It compiles subgroup matrices of
 * any size and lists none (with `allow_unsafe_apis`; without, it has not the feature), so they are given here.
 */
export function nullLimits({ limits, info }: GPUAdapter): { required: Record<string, number>; limits: Limits } {
  const required = Object.fromEntries(LIMIT_NAMES.map((name) => [name, Number(limits[name])]));
  const { subgroupMinSize, subgroupMaxSize } = info;
  const unasked = { subgroupMinSize, subgroupMaxSize, subgroupMatrixConfigs: MATRICES };
  return { required, limits: { ...required, ...unasked } as unknown as Limits };
}
