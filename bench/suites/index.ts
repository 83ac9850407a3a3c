import { unknownName } from '../../harness/suggest.js';
import type { Kernel, Shape } from '../../kernels/declaration.js';
import { kernels } from '../../kernels/index.js';
import { kernelName, kernelNameOf, parseShape, workloadId } from '../../kernels/shape.js';

/** What one run measures: a list of workloads, ceilings first, so that rates can be told as fractions of them. */
export interface Suite {
  readonly id: string;
  readonly about: string;
  /**
   * Workload ids, in order. A workload that is too slow for the adapter is skipped with that reason. An
   * entry may be a ladder, `big > middle > small`: the biggest rung that fits is measured.
   */
  readonly workloads: readonly string[];
  readonly rounds: number;
  /** `shortlist`: of each kernel only the variants that a first look needs. */
  readonly variants: 'all' | 'shortlist';
}

const ladder = (...rungs: readonly string[]) => rungs.join(' > ');

const CEILINGS = [
  ladder('copy/n268435456', 'copy/n33554432'),
  ladder('read/n268435456', 'read/n33554432'),
  ladder('page-read/n1073741824-p16777216', 'page-read/n67108864-p262144', 'page-read/n67108864-p16384'),
  ladder('fma-f32/n1048576-i256', 'fma-f32/n16384-i256', 'fma-f32/n1024-i16'),
  ...['int-add', 'int-add3', 'int-rotate', 'int-logic', 'int-mul', 'int-sha256'].map((id) =>
    ladder(`${id}/n1048576-i256`, `${id}/n16384-i256`, `${id}/n1024-i16`),
  ),
  // Where the adapter has no matrix units, one line each says so.
  ...['matrix-f16', 'matrix-i8'].map((id) =>
    ladder(`${id}/n16384-i256`, `${id}/n1024-i64`, `${id}/n64-i4`, `${id}/n16-i1`),
  ),
];
const MINING = [
  ladder('sha256/n131072-blocks131072', 'sha256/n8192-blocks8192'),
  ladder('sha256d-scan/n16777216', 'sha256d-scan/n1048576', 'sha256d-scan/n131072', 'sha256d-scan/n32768'),
  ladder(
    'ethash-search/epoch430-etchash-n262144',
    // For cards that cannot hold today's DAG of Ethereum Classic; more than a processor does in time.
    'ethash-search/epoch0-n1048576',
    'ethash-search-reduced/k65536-n16384',
    'ethash-search-reduced/k4096-n16384',
    'ethash-search-reduced/k4096-n1024',
  ),
];
const AI = [
  ladder('matmul/f32/m2048-n2048-k2048', 'matmul/f32/m512-n512-k512', 'matmul/f32/m256-n256-k256'),
  ladder(
    'attention/f32/b1-h32-kv8-q1024-k1024-d128-causal',
    'attention/f32/b1-h8-kv2-q256-k256-d64-causal',
    'attention/f32/b1-h4-kv2-q128-k128-d64-causal',
  ),
  // As people quote it, of the smallest model that is one; software adapters get a toy.
  ladder('llm/llama-1b-q4/pp512', 'llm/tiny-q4/pp64', 'llm/tiny-q4/pp16'),
  ladder('llm/llama-1b-q4/tg128', 'llm/tiny-q4/tg16', 'llm/tiny-q4/tg4'),
];
/** The last but one rung, or the only one: what software adapters manage. */
const modest = (entry: string) => entry.split(' > ').at(-2) ?? entry;

/** Everything that the kernels declare, ceilings first. */
function declared(families: readonly string[] = ['mining', 'ai']): string[] {
  const of = (family: string) =>
    kernels.filter((k) => k.family === family).flatMap((k) => k.workloads.map((shape) => workloadId(k, shape)));
  return ['memory', 'arithmetic', ...families].flatMap(of);
}

export const suites: readonly Suite[] = [
  {
    id: 'quick',
    about: 'a first look in about a minute on a card: ceilings, hashing, matrix multiply, attention, a language model',
    workloads: [...CEILINGS, ...MINING, ...AI],
    rounds: 5,
    variants: 'shortlist',
  },
  {
    id: 'mining',
    about: 'hashing at every declared size',
    workloads: declared(['mining']),
    rounds: 10,
    variants: 'all',
  },
  {
    id: 'ai',
    about: 'matrix multiply, attention, the rest of a block, language models: every declared size',
    workloads: declared(['ai']),
    rounds: 10,
    variants: 'all',
  },
  { id: 'memory', about: 'bandwidth and arithmetic ceilings', workloads: declared([]), rounds: 10, variants: 'all' },
  {
    id: 'ci',
    about: 'small shapes that any adapter finishes quickly, for guarding kernels',
    workloads: [...CEILINGS, ...MINING, ...AI].map((entry) =>
      /^(copy|read)/.test(entry) ? (entry.split(' > ').at(-1) as string) : modest(entry),
    ),
    rounds: 5,
    variants: 'shortlist',
  },
  { id: 'full', about: 'every workload that is declared', workloads: declared(), rounds: 10, variants: 'all' },
  {
    id: 'publish',
    about: 'every workload, with twice the rounds, for figures that others will quote',
    workloads: declared(),
    rounds: 20,
    variants: 'all',
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
 * A suite's entry as its rungs, biggest first.
 * @throws {InputError | ShapeError} naming the part that is unknown or malformed
 */
export function parseEntry(entry: string): Workload[] {
  return entry.split(' > ').map(parseWorkload);
}

/** An entry with its ids as they are written everywhere. @throws as `parseEntry` */
export const canonicalEntry = (entry: string): string =>
  parseEntry(entry)
    .map(({ id }) => id)
    .join(' > ');

/**
 * @param id `kernel[/type]/shape`, e.g. `matmul/f32/m512-n512-k512`
 * @throws {InputError | ShapeError} naming the part that is unknown or malformed
 */
export function parseWorkload(id: string): Workload {
  const [name = ''] = id.split('/');
  const related = kernels.filter((k) => k.id === name);
  if (related.length === 0) throw unknownName('kernel', name, [...new Set(kernels.map((k) => k.id))]);
  const kernel = related.find((k) => kernelName(k) === kernelNameOf(id));
  if (!kernel) {
    const known = related.flatMap((k) => k.workloads.map((shape) => workloadId(k, shape)));
    throw unknownName('workload', id, known);
  }
  const shape = parseShape(kernel, id.slice(id.lastIndexOf('/') + 1));
  return { id: workloadId(kernel, shape), kernel, shape };
}
