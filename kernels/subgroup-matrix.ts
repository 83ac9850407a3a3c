import type { Limits, SubgroupMatrixConfig } from './declaration.js';
import { MissingUnitError } from './errors.js';

/** What a variant that uses matrix units requires of the adapter, and the `enable` lines of its WGSL. */
export const MATRIX_FEATURES = ['chromium-experimental-subgroup-matrix', 'subgroups', 'shader-f16'] as const;
/** The language feature that gives `subgroup_id`, by which subgroups share a tile out. */
export const SUBGROUP_ID = 'subgroup_id';
export const MATRIX_ENABLES = ['f16', 'subgroups', 'chromium_experimental_subgroup_matrix'] as const;

export interface WantedMatrix {
  readonly component: 'f16' | 'f32' | 'u8' | 'i8';
  readonly result: 'f16' | 'f32' | 'u32' | 'i32';
  /** Forms that the kernel can use at all, say because they divide its tiles; without it, any. */
  readonly fits?: (config: SubgroupMatrixConfig) => boolean;
}

/**
 * The adapter's matrix product of these types with the most operations, since a bigger one loads each operand less
 * often; of equals the first that the driver lists.
 * @param what kernel and variant, e.g. `matmul/matrix-units`
 * @throws {MissingUnitError} naming what is wanted and what the adapter has
 */
export function matrixConfig(
  what: string,
  { component, result, fits = () => true }: WantedMatrix,
  { subgroupMatrixConfigs }: Pick<Limits, 'subgroupMatrixConfigs'>,
): SubgroupMatrixConfig {
  const usable = subgroupMatrixConfigs.filter(
    (c) => c.componentType === component && c.resultComponentType === result && fits(c),
  );
  const size = ({ M, N, K }: SubgroupMatrixConfig) => M * N * K;
  if (usable.length > 0) return usable.reduce((best, c) => (size(c) > size(best) ? c : best));
  const has = subgroupMatrixConfigs.map(describeConfig).join(', ') || 'none';
  throw new MissingUnitError(
    `${what} needs subgroup matrices ${component} to ${result} of a size that it can use; this adapter has ${has}`,
  );
}

/** `16x16x16 f16 to f32`: M, N, K, then the types. */
export const describeConfig = ({ M, N, K, componentType, resultComponentType }: SubgroupMatrixConfig): string =>
  `${M}x${N}x${K} ${componentType} to ${resultComponentType}`;
