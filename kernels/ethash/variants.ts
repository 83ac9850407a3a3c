import type {
  BufferContents,
  BufferPlan,
  BufferReadback,
  Dispatch,
  Limits,
  Shape,
  Tuning,
  TuningSpace,
  Variant,
} from '../declaration.js';
import { linearGrid } from '../grid.js';
import { checkWorkgroup } from '../workgroup.js';
import { ITEM_MODULES, planDag } from './dag.js';
import { cacheOf, type Geometry, pagesOf, rowsOf } from './geometry.js';
import { reciprocalOf } from './remainder.js';

type GeometryOf = (shape: Shape) => Geometry;

/**
 * Which nonces are hashed and what becomes of the hashes: the one part in which a list of hashes and a search differ.
 */
export interface HashJob<Input, Output> extends Pick<Dispatch, 'aliases' | 'constants'> {
  /** WGSL that declares the bindings 1 to 3, `job.header`, `nonceOf` and `deliver`, and what it needs before it. */
  readonly modules: readonly string[];
  /** In the order of their bindings: a uniform block and two storage buffers. */
  buffers(nonces: number): readonly [BufferPlan, BufferPlan, BufferPlan];
  encode(input: Input): BufferContents;
  decode(readback: BufferReadback): Output;
}

const COMMON = ['shared/keccak.wgsl', 'shared/remainder.wgsl', 'ethash/hashes.wgsl', 'ethash/pages.wgsl'];

/** Every variant over whatever DAG a shape stands for, simplest first. */
export function ethashVariants<Input, Output>(
  kernelId: string,
  geometryOf: GeometryOf,
  job: HashJob<Input, Output>,
): readonly Variant<Input, Output>[] {
  const full = (options: FullOptions) => fullVariant(kernelId, geometryOf, job, options);
  return [
    lightVariant(kernelId, geometryOf, job),
    full({
      id: 'naive',
      story: 'One invocation per hash reads its pages from the DAG: the specification as written.',
      wgsl: 'ethash/naive.wgsl',
    }),
    full({
      id: 'registers',
      story:
        'The word that chooses a page is picked by a switch: no array is indexed by a variable, so the mix stays in registers.',
      wgsl: 'ethash/registers.wgsl',
      modules: ['ethash/mix-in-registers.wgsl'],
    }),
    full({
      id: 'cooperative',
      story: 'Eight lanes share a page, 16 bytes each: one coalesced read of 128 bytes. Words go by workgroup memory.',
      wgsl: 'ethash/cooperative.wgsl',
      flight: [1],
      bytesPerLane: (flight) => 96 + flight,
    }),
    full({
      id: 'in-flight',
      story: 'The eight have several hashes under way at once, so that reads overlap and a barrier serves them all.',
      wgsl: 'ethash/cooperative.wgsl',
      flight: [4, 2, 8],
      bytesPerLane: (flight) => 96 + flight,
    }),
    full({
      id: 'shuffle',
      story: 'Words go by subgroup shuffles: no workgroup memory, no barriers. Several hashes under way at once.',
      requires: ['subgroups'],
      enables: ['subgroups'],
      wgsl: 'ethash/shuffle.wgsl',
      modules: ['ethash/mix-in-registers.wgsl'],
      flight: [4, 2, 1, 8],
      // A subgroup may have 128 lanes, and all of a team must be there.
      group: [128, 64, 256],
    }),
  ];
}

function lightVariant<Input, Output>(
  kernelId: string,
  geometryOf: GeometryOf,
  job: HashJob<Input, Output>,
): Variant<Input, Output> {
  return {
    id: 'light',
    story:
      'Every page is computed from the light cache: no DAG, so real answers on any adapter, at 1/1000 of the rate.',
    tuning: { group: [64, 32, 128] },
    plan: (shape, tuning, limits) => {
      const geometry = geometryOf(shape);
      checkWorkgroup(`${kernelId}/light`, tuned(tuning, 'group'), 0, limits);
      return {
        buffers: [
          { name: 'cache', role: 'resident', byteLength: geometry.cacheBytes },
          ...jobBuffers(job, shape, geometry, 0),
        ],
        dispatches: [
          {
            wgsl: 'ethash/light.wgsl',
            ...programOf(job, [...ITEM_MODULES, 'ethash/pages.wgsl'], { GROUP: tuned(tuning, 'group') }),
            bindings: ['cache', ...jobBindings(job)],
            workgroups: grid(shape, tuned(tuning, 'group'), limits),
          },
        ],
      };
    },
    ...translated(geometryOf, job),
  };
}

interface FullOptions {
  readonly id: string;
  readonly story: string;
  readonly wgsl: string;
  readonly modules?: readonly string[];
  readonly requires?: readonly string[];
  readonly enables?: readonly string[];
  readonly group?: readonly number[];
  /** Hashes that eight lanes have under way at once; a tuning parameter where there is a choice. */
  readonly flight?: readonly number[];
  /** Workgroup memory. */
  readonly bytesPerLane?: (flight: number) => number;
}

function fullVariant<Input, Output>(
  kernelId: string,
  geometryOf: GeometryOf,
  job: HashJob<Input, Output>,
  options: FullOptions,
): Variant<Input, Output> {
  const { id, story, requires, enables, wgsl, modules = [], flight, bytesPerLane } = options;
  const tuning: TuningSpace = {
    group: options.group ?? [64, 32, 128, 256],
    ...(flight && flight.length > 1 ? { flight } : {}),
  };
  return {
    ...{ id, story, tuning },
    ...(requires && { requires }),
    plan: (shape, chosen, limits) => {
      const group = tuned(chosen, 'group');
      const atOnce = chosen.flight ?? flight?.[0];
      checkWorkgroup(`${kernelId}/${id}`, group, group * (bytesPerLane?.(atOnce ?? 1) ?? 0), limits);
      const geometry = geometryOf(shape);
      const dag = planDag(geometry, limits);
      const [first, ...others] = dag.pieces as [string, ...string[]];
      const dispatch: Dispatch = {
        wgsl,
        ...programOf(job, [...COMMON, dag.module, ...modules], { GROUP: group, ...(atOnce ? { FLIGHT: atOnce } : {}) }),
        ...(enables && { enables }),
        bindings: [first, ...jobBindings(job), ...others],
        workgroups: grid(shape, group, limits),
      };
      return {
        buffers: [...dag.buffers, ...jobBuffers(job, shape, geometry, dag.piecePages)],
        setup: dag.setup,
        dispatches: [dispatch],
      };
    },
    ...translated(geometryOf, job),
  };
}

type AnyJob = HashJob<never, unknown>;

const programOf = (
  { modules, aliases, constants }: AnyJob,
  before: readonly string[],
  own: Record<string, number>,
) => ({
  modules: [...before, ...modules],
  constants: { ...own, ...constants },
  ...(aliases && { aliases }),
});

/** Bindings 1 to 4, after the cache or the DAG's first piece. */
const jobBindings = (job: AnyJob) => [...job.buffers(1).map(({ name }) => name), 'sizes'];

function jobBuffers(job: AnyJob, shape: Shape, geometry: Geometry, piecePages: number): BufferPlan[] {
  const count = shape.nonces as number;
  const [pages, rows] = [pagesOf(geometry), rowsOf(geometry)];
  const sizes = [count, pages, reciprocalOf(pages), piecePages, rows, reciprocalOf(rows), 0, 0];
  return [...job.buffers(count), { name: 'sizes', role: 'uniform', byteLength: 32, contents: Uint32Array.from(sizes) }];
}

const grid = (shape: Shape, group: number, limits: Limits) =>
  linearGrid(Math.ceil((shape.nonces as number) / group), limits.maxComputeWorkgroupsPerDimension);

function translated<Input, Output>(
  geometryOf: GeometryOf,
  job: HashJob<Input, Output>,
): Pick<Variant<Input, Output>, 'encode' | 'decode'> {
  return {
    encode: (shape, _tuning, input) => ({ cache: cacheOf(geometryOf(shape)), ...job.encode(input) }),
    decode: (_shape, _tuning, readback) => job.decode(readback),
  };
}

/** Tuning values by name, as a plan has them. */
const tuned = (tuning: Tuning, name: string) => tuning[name] as number;
