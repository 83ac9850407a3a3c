import type { BufferPlan, Dispatch, Limits } from '../declaration.js';
import { ShapeError } from '../errors.js';
import { linearGrid } from '../grid.js';
import { PAGE_BYTES } from './epochs.js';
import { type Geometry, pagesOf, rowsOf } from './geometry.js';
import { reciprocalOf } from './remainder.js';

/** There is a module dag-N.wgsl for each of these. */
const PIECES = [1, 2, 4, 6, 8, 12];
/** A binding holds this much besides data: the harness puts guard words behind it. */
const GUARD_ROOM = 256;
/** Storage buffers that are bound besides the DAG: nonces and digests, or a search's counter and list. */
const OTHER_BINDINGS = 2;
/**
 * Items that one set-up dispatch makes: 64 MiB of DAG. A slow card, that takes ten seconds for 4 GiB, is at it for
 * 0.15 s, which no driver's watchdog minds.
 */
const SLICE_ITEMS = 2 ** 20;
const GROUP = 64;

/** How a DAG lies in buffers, and what fills them. */
export interface DagPlan {
  /** `ethash/dag-N.wgsl`, which declares the bindings. */
  readonly module: string;
  /** Names of the DAG's buffers. */
  readonly pieces: readonly string[];
  /** Pages in each of them but the last. */
  readonly piecePages: number;
  readonly buffers: readonly BufferPlan[];
  readonly setup: readonly Dispatch[];
}

interface Slice {
  readonly piece: number;
  readonly firstItem: number;
  readonly at: number;
  readonly items: number;
}

/**
 * Lays a DAG out in as few bindings as the adapter allows.
 * @throws {ShapeError} when it has not enough of them
 */
export function planDag(geometry: Geometry, limits: Limits): DagPlan {
  const pages = pagesOf(geometry);
  const { count, piecePages } = splitDag(geometry, limits);
  const pieces = Array.from({ length: count }, (_, i) => `dag${i}`);
  const pagesIn = (i: number) => Math.min(piecePages, pages - i * piecePages);
  const cut = slices(pages, piecePages);
  return {
    module: `ethash/dag-${count}.wgsl`,
    pieces,
    piecePages,
    buffers: [
      { name: 'cache', role: 'resident', byteLength: geometry.cacheBytes },
      ...pieces.map((name, i): BufferPlan => ({ name, role: 'resident', byteLength: pagesIn(i) * PAGE_BYTES })),
      ...cut.map((slice, i) => sliceBuffer(`slice${i}`, geometry, slice)),
    ],
    setup: cut.map(({ piece, items }, i) => itemsDispatch(GROUP, items, ['cache', `slice${i}`, `dag${piece}`], limits)),
  };
}

/** The block that tells `ethash-dag/naive.wgsl` which items to make and where they go. */
export function sliceBuffer(
  name: string,
  geometry: Geometry,
  { firstItem, at, items }: Omit<Slice, 'piece'>,
): BufferPlan {
  const rows = rowsOf(geometry);
  const contents = Uint32Array.of(firstItem, at, items, 0, rows, reciprocalOf(rows), 0, 0);
  return { name, role: 'resident', byteLength: contents.byteLength, contents };
}

/** Makes dataset items from the cache; bindings are the cache, a slice's block and where the items go. */
export function itemsDispatch(group: number, items: number, bindings: readonly string[], limits: Limits): Dispatch {
  return {
    wgsl: 'ethash-dag/naive.wgsl',
    modules: ITEM_MODULES,
    constants: { GROUP: group },
    bindings,
    workgroups: linearGrid(Math.ceil(items / group), limits.maxComputeWorkgroupsPerDimension),
  };
}

export const ITEM_MODULES = [
  'shared/keccak.wgsl',
  'shared/remainder.wgsl',
  'ethash/hashes.wgsl',
  'ethash/dataset-item.wgsl',
];

function splitDag(geometry: Geometry, limits: Limits): { count: number; piecePages: number } {
  const { maxStorageBufferBindingSize, maxBufferSize, maxStorageBuffersPerShaderStage } = limits;
  const most = Math.floor((Math.min(maxStorageBufferBindingSize, maxBufferSize) - GUARD_ROOM) / PAGE_BYTES);
  const pages = pagesOf(geometry);
  const need = Math.ceil(pages / most);
  const free = maxStorageBuffersPerShaderStage - OTHER_BINDINGS;
  const count = PIECES.find((pieces) => pieces >= need && pieces <= free);
  if (count === undefined)
    throw new ShapeError(
      `${geometry.name}, ${geometry.datasetBytes} bytes, needs ${need} bindings of ${most * PAGE_BYTES} bytes, ` +
        `but this adapter's maxStorageBufferBindingSize is ${maxStorageBufferBindingSize} and its ` +
        `maxStorageBuffersPerShaderStage ${maxStorageBuffersPerShaderStage}`,
    );
  return { count, piecePages: Math.ceil(pages / count) };
}

function slices(pages: number, piecePages: number): Slice[] {
  const all: Slice[] = [];
  for (let piece = 0; piece * piecePages < pages; piece++) {
    const items = 2 * Math.min(piecePages, pages - piece * piecePages);
    for (let at = 0; at < items; at += SLICE_ITEMS)
      all.push({ piece, firstItem: 2 * piece * piecePages + at, at, items: Math.min(SLICE_ITEMS, items - at) });
  }
  return all;
}
