import type { BufferContents, BufferPlan, Dispatch, Limits, Shape, TuningSpace, Variant } from '../declaration.js';
import { linearGrid } from '../grid.js';
import { checkWorkgroup } from '../workgroup.js';
import { ITEM_MODULES, planDag } from './dag.js';
import { cacheOf, type Geometry, pagesOf, rowsOf } from './geometry.js';
import { type EthashOutput, type HashInput, tuned } from './hashing.js';
import { reciprocalOf } from './remainder.js';

type Search = Variant<HashInput, EthashOutput>;
type GeometryOf = (shape: Shape) => Geometry;

/** Mix hash and final hash. */
const DIGEST_BYTES = 64;
const COMMON = ['shared/keccak.wgsl', 'shared/remainder.wgsl', 'ethash/hashes.wgsl', 'ethash/job.wgsl'];

/** Every variant of the search over whatever DAG a shape stands for, simplest first. */
export function ethashVariants(kernelId: string, geometryOf: GeometryOf): readonly Search[] {
  const full = (options: Omit<FullOptions, 'kernelId' | 'geometryOf'>) =>
    fullVariant({ kernelId, geometryOf, ...options });
  return [
    lightVariant(kernelId, geometryOf),
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

function lightVariant(kernelId: string, geometryOf: GeometryOf): Search {
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
          ...jobBuffers(shape, geometry, 0),
        ],
        dispatches: [
          {
            wgsl: 'ethash/light.wgsl',
            modules: [...ITEM_MODULES, 'ethash/job.wgsl'],
            constants: { GROUP: tuned(tuning, 'group') },
            bindings: ['cache', ...JOB],
            workgroups: grid(shape, tuned(tuning, 'group'), limits),
          },
        ],
      };
    },
    encode: (shape, _tuning, input) => encodeJob(geometryOf(shape), input),
    decode: (_shape, _tuning, readback) => decodeDigests(readback.digests as Uint8Array),
  };
}

interface FullOptions {
  readonly kernelId: string;
  readonly geometryOf: GeometryOf;
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

function fullVariant(options: FullOptions): Search {
  const { kernelId, geometryOf, id, story, requires, enables, wgsl, modules = [], flight, bytesPerLane } = options;
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
        modules: [...COMMON, dag.module, ...modules],
        ...(enables && { enables }),
        constants: { GROUP: group, ...(atOnce ? { FLIGHT: atOnce } : {}) },
        bindings: [first, ...JOB, ...others],
        workgroups: grid(shape, group, limits),
      };
      return {
        buffers: [...dag.buffers, ...jobBuffers(shape, geometry, dag.piecePages)],
        setup: dag.setup,
        dispatches: [dispatch],
      };
    },
    encode: (shape, _tuning, input) => encodeJob(geometryOf(shape), input),
    decode: (_shape, _tuning, readback) => decodeDigests(readback.digests as Uint8Array),
  };
}

/** In the order of `ethash/job.wgsl`, after the cache or the DAG's first piece. */
const JOB = ['header', 'nonces', 'digests', 'sizes'];

function jobBuffers(shape: Shape, geometry: Geometry, piecePages: number): BufferPlan[] {
  const count = shape.nonces as number;
  const [pages, rows] = [pagesOf(geometry), rowsOf(geometry)];
  const sizes = [count, pages, reciprocalOf(pages), piecePages, rows, reciprocalOf(rows), 0, 0];
  return [
    { name: 'header', role: 'uniform', byteLength: 32 },
    { name: 'nonces', role: 'input', byteLength: 8 * count },
    { name: 'digests', role: 'output', byteLength: DIGEST_BYTES * count },
    { name: 'sizes', role: 'uniform', byteLength: 32, contents: Uint32Array.from(sizes) },
  ];
}

const grid = (shape: Shape, group: number, limits: Limits) =>
  linearGrid(Math.ceil((shape.nonces as number) / group), limits.maxComputeWorkgroupsPerDimension);

function encodeJob(geometry: Geometry, { headerHash, nonces }: HashInput): BufferContents {
  return { cache: cacheOf(geometry), header: headerHash, nonces };
}

/** Views into one buffer: half a million of them are made after every round of a benchmark. */
function decodeDigests(bytes: Uint8Array): EthashOutput {
  const digest = (at: number) => bytes.subarray(at, at + DIGEST_BYTES / 2);
  const starts = Array.from({ length: bytes.length / DIGEST_BYTES }, (_, i) => i * DIGEST_BYTES);
  return { mixHashes: starts.map((at) => digest(at)), finalHashes: starts.map((at) => digest(at + DIGEST_BYTES / 2)) };
}
