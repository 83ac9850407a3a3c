import type { Axis, Bound, Kernel } from '../declaration.js';
import type { DagChoice } from './dag-choice.js';
import { PAGE_BYTES } from './epochs.js';
import { hashOperations } from './operations.js';
import { ACCESSES } from './reference.js';
import { ethashVariants, type HashJob } from './variants.js';

export const BYTES_PER_HASH = ACCESSES * PAGE_BYTES;

/** What all kernels that hash with a DAG have in common, whatever is done with the hashes. */
export function hashingKernel<Which, Input, Output>(
  id: string,
  dag: DagChoice<Which>,
  nonces: Axis,
  job: HashJob<Input, Output>,
) {
  const { geometryOf, axes, checkShape, probes, pilot, memoryNote } = dag;
  return {
    id,
    family: 'mining',
    axes: [...axes, nonces],
    ...{ checkShape, probes, pilot, memoryNote },
    // A list also reads 8 bytes of each nonce and writes 64 of its hashes, of which a search keeps next to nothing.
    work: (shape) => ({
      ...{ operations: shape.nonces as number, unit: 'hash' },
      bytes: (shape.nonces as number) * BYTES_PER_HASH,
    }),
    bounds: (shape) => hashingBounds(shape.nonces as number),
    variants: ethashVariants(id, geometryOf, job),
    // Light is for answers, not for rates.
    shortlist: ['naive', 'registers', 'in-flight', 'shuffle'],
    // The one that is right everywhere and needs no DAG: a caller with few nonces has his answers sooner.
    defaultVariant: 'light',
  } satisfies Partial<Kernel<Input, Output>>;
}

function hashingBounds(nonces: number): readonly Bound[] {
  const each = hashOperations();
  const amounts = Object.fromEntries(Object.entries(each).map(([kernel, count]) => [kernel, count * nonces]));
  return [
    { id: 'pages', kind: 'memory', ways: [{ 'page-read': BYTES_PER_HASH * nonces }] },
    { id: 'integer', kind: 'integer', ways: [amounts] },
  ];
}
