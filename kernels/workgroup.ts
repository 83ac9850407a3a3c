import type { Limits } from './declaration.js';
import { ShapeError } from './errors.js';

/**
 * Refuses a tuning whose workgroup is more than the adapter allows: the harness sees buffers and
 * dispatches, but only the plan knows how large a workgroup its constants make.
 * @param what kernel and variant, e.g. `matmul/tiled`
 * @throws {ShapeError} naming the need and the limit
 */
export function checkWorkgroup(what: string, invocations: number, storageBytes: number, limits: Limits): void {
  if (invocations > limits.maxComputeInvocationsPerWorkgroup)
    throw new ShapeError(
      `${what}: this tuning needs ${invocations} invocations per workgroup, but this adapter's ` +
        `maxComputeInvocationsPerWorkgroup is ${limits.maxComputeInvocationsPerWorkgroup}`,
    );
  if (storageBytes > limits.maxComputeWorkgroupStorageSize)
    throw new ShapeError(
      `${what}: this tuning needs ${storageBytes} bytes of workgroup storage, but this adapter's ` +
        `maxComputeWorkgroupStorageSize is ${limits.maxComputeWorkgroupStorageSize}`,
    );
}
