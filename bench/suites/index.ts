import { unknownName } from '../../harness/suggest.js';
import type { Kernel, Shape } from '../../kernels/declaration.js';
import { kernels } from '../../kernels/index.js';
import { parseShape, workloadId } from '../../kernels/shape.js';

/** What one run measures: a list of workloads, ceilings first, so that rates can be told as fractions of them. */
export interface Suite {
  readonly id: string;
  readonly about: string;
  /** Workload ids, in order. A workload that is too slow for the adapter is skipped with that reason. */
  readonly workloads: readonly string[];
  readonly rounds: number;
}

/** Small ones for software adapters, big ones that fill a card; whichever is too slow or too big is skipped. */
const CEILINGS = ['copy/n33554432', 'copy/n268435456', 'fma-f32/n16384-i64', 'fma-f32/n1048576-i256'];
const SMALL_CEILINGS = ['copy/n33554432', 'fma-f32/n16384-i64'];
const MINING = ['sha256/n65536-blocks65536', 'sha256d-scan/n262144', 'sha256d-scan/n16777216'];
const AI = [
  'matmul/f32/m512-n512-k512',
  'matmul/f32/m2048-n2048-k2048',
  'attention/f32/b1-h8-kv2-q256-k256-d64-causal',
  'attention/f32/b1-h32-kv8-q1024-k1024-d128-causal',
];

/** Everything that the kernels declare, ceilings first. */
function declared(families: readonly string[] = ['mining', 'ai']): string[] {
  const of = (family: string) =>
    kernels.filter((k) => k.family === family).flatMap((k) => k.workloads.map((shape) => workloadId(k, shape)));
  return [...new Set([...CEILINGS, ...['memory', 'arithmetic', ...families].flatMap(of)])];
}

export const suites: readonly Suite[] = [
  {
    id: 'quick',
    about: 'a first look in about a minute on a card: ceilings, hashing, matrix multiply, attention',
    workloads: [...CEILINGS, ...MINING, ...AI],
    rounds: 5,
  },
  { id: 'mining', about: 'hashing at every declared size', workloads: declared(['mining']), rounds: 10 },
  { id: 'ai', about: 'matrix multiply and attention at every declared size', workloads: declared(['ai']), rounds: 10 },
  { id: 'memory', about: 'bandwidth and arithmetic ceilings', workloads: declared([]), rounds: 10 },
  {
    id: 'ci',
    about: 'small shapes that any adapter finishes quickly, for guarding kernels',
    workloads: [...SMALL_CEILINGS, 'sha256d-scan/n262144', 'matmul/f32/m512-n512-k512', AI[2] as string],
    rounds: 5,
  },
  { id: 'full', about: 'every workload that is declared', workloads: declared(), rounds: 10 },
  {
    id: 'publish',
    about: 'every workload, with twice the rounds, for figures that others will quote',
    workloads: declared(),
    rounds: 20,
  },
];

/** @throws {InputError} that suggests the near one */
export function findSuite(id: string): Suite {
  const suite = suites.find((s) => s.id === id);
  if (!suite)
    throw unknownName(
      'suite',
      id,
      suites.map((s) => s.id),
    );
  return suite;
}

export interface Workload {
  readonly id: string;
  readonly kernel: Kernel;
  readonly shape: Shape;
}

/**
 * @param id `kernel[/type]/shape`, e.g. `matmul/f32/m512-n512-k512`
 * @throws {InputError | ShapeError} naming the part that is unknown or malformed
 */
export function parseWorkload(id: string): Workload {
  const [name = '', ...rest] = id.split('/');
  const kernel = kernels.find((k) => k.id === name);
  if (!kernel)
    throw unknownName(
      'kernel',
      name,
      kernels.map((k) => k.id),
    );
  const types = kernel.type ? [kernel.type] : [];
  if (rest.length !== types.length + 1 || (kernel.type && rest[0] !== kernel.type))
    throw unknownName(
      'workload',
      id,
      kernel.workloads.map((shape) => workloadId(kernel, shape)),
    );
  const shape = parseShape(kernel, rest.at(-1) as string);
  return { id: workloadId(kernel, shape), kernel, shape };
}
