import { record, wholeNumber } from '../arguments.js';
import type { Axis, BufferPlan, Dispatch, Kernel, Limits, Plan, Shape, Variant } from '../declaration.js';
import { ShapeError } from '../errors.js';
import { linearGrid } from '../grid.js';
import { randomWords } from '../random.js';
import { asWords } from '../views.js';
import { checkWorkgroup } from '../workgroup.js';
import {
  PAGE_BYTES,
  type PageReadInput,
  type PageReadOutput,
  pageReadOracle,
  pageReadReference,
  STEPS,
  shiftOf,
} from './reference.js';

export type { PageReadInput, PageReadOutput } from './reference.js';

const ID = 'page-read';
const BYTES: Axis = {
  name: 'bytes',
  token: 'n',
  meaning: 'bytes of the buffer that pages are read from, a power of two',
  min: 2 * PAGE_BYTES,
  max: 2 ** 33,
};
const PAGES: Axis = {
  name: 'pages',
  token: 'p',
  meaning: `pages of ${PAGE_BYTES} bytes read, a multiple of ${STEPS}`,
  min: STEPS,
  max: 2 ** 28,
};
type Sizes = { readonly bytes: number; readonly pages: number };
const sizes = (shape: Shape) => shape as Sizes;
const FILL_GROUP = 64;
const MODULES = ['page-read/pages.wgsl'];

function plan(
  shape: Shape,
  limits: Limits,
  words: number,
  dispatch: Pick<Dispatch, 'wgsl'> & { group: number; invocations: number; constants: Record<string, number> },
): Plan {
  const { bytes, pages } = sizes(shape);
  checkWorkgroup(dispatch.wgsl, dispatch.group, 0, limits);
  const SHIFT = shiftOf(bytes);
  const slices = bytes / 16;
  const perDimension = limits.maxComputeWorkgroupsPerDimension;
  const buffers: BufferPlan[] = [
    { name: 'pages', role: 'resident', byteLength: bytes },
    { name: 'seed', role: 'input', byteLength: 4 },
    { name: 'ends', role: 'output', byteLength: 4 * words },
  ];
  return {
    buffers,
    setup: [
      {
        wgsl: 'page-read/fill.wgsl',
        modules: MODULES,
        constants: { SLICES: slices, GROUP: FILL_GROUP, SHIFT },
        bindings: ['pages'],
        workgroups: linearGrid(Math.ceil(slices / FILL_GROUP), perDimension),
      },
    ],
    dispatches: [
      {
        wgsl: dispatch.wgsl,
        modules: MODULES,
        constants: { ...dispatch.constants, CHAINS: pages / STEPS, STEPS, GROUP: dispatch.group, SHIFT },
        bindings: ['pages', 'seed', 'ends'],
        workgroups: linearGrid(Math.ceil(dispatch.invocations / dispatch.group), perDimension),
      },
    ],
  };
}

const invocation: Variant<PageReadInput, PageReadOutput> = {
  id: 'invocation',
  story: 'One invocation follows a chain and reads each page whole, in eight loads of 16 bytes.',
  tuning: { group: [64, 128, 256] },
  plan(shape, tuning, limits) {
    const chains = sizes(shape).pages / STEPS;
    const group = tuning.group as number;
    return plan(shape, limits, chains, {
      ...{ wgsl: 'page-read/invocation.wgsl', group, invocations: chains, constants: {} },
    });
  },
  encode: (_shape, _tuning, { seed }) => ({ seed: Uint32Array.of(seed) }),
  decode: (_shape, _tuning, readback) => ({ ends: asWords(readback.ends as Uint8Array) }),
};

const lanes: Variant<PageReadInput, PageReadOutput> = {
  id: 'lanes',
  story:
    'Eight neighbours share a chain and read 16 bytes each: a page is one line of memory, fetched once and by one ' +
    'load. Several chains at a time hide the wait for each.',
  tuning: { group: [64, 128, 256], flight: [1, 2, 4] },
  plan(shape, tuning, limits) {
    const chains = sizes(shape).pages / STEPS;
    const { group, flight } = tuning as { group: number; flight: number };
    const eights = Math.ceil(chains / flight);
    return plan(shape, limits, 8 * chains, {
      ...{ wgsl: 'page-read/lanes.wgsl', group, invocations: 8 * eights },
      constants: { FLIGHT: flight, EIGHTS: eights },
    });
  },
  encode: invocation.encode,
  decode: (_shape, _tuning, readback) => {
    const words = asWords(readback.ends as Uint8Array);
    const ends = new Uint32Array(words.length / 8);
    words.forEach((word, i) => {
      ends[i >> 3] = (ends[i >> 3] as number) + word;
    });
    return { ends };
  },
};

/**
 * Random pages of 128 bytes, each page known only when the one before it has been read: what memory gives to Ethash.
 * Bytes are those of the pages.
 */
export const pageRead: Kernel<PageReadInput, PageReadOutput> = {
  id: ID,
  family: 'memory',
  title: 'Random page reads',
  source: 'Ethash specification, main loop: 64 dependent accesses to pages of 128 bytes',
  axes: [BYTES, PAGES],
  checkShape(shape) {
    const { bytes, pages } = sizes(shape);
    if (!Number.isInteger(Math.log2(bytes))) throw new ShapeError(`${ID}: bytes must be a power of two, got ${bytes}`);
    if (pages % STEPS !== 0) throw new ShapeError(`${ID}: pages must be a multiple of ${STEPS}, got ${pages}`);
  },
  // Two pages and one chain; chains that fill neither a workgroup nor a flight of four; many of both.
  probes: [
    { bytes: 2 * PAGE_BYTES, pages: STEPS },
    { bytes: 2 ** 15, pages: 67 * STEPS },
    { bytes: 2 ** 20, pages: 1001 * STEPS },
  ],
  pilot: { bytes: 2 ** 22, pages: 2 ** 14 },
  // 64 MiB fits a binding of every adapter; 1 GiB is more than any card's cache, and the size of a small DAG.
  workloads: [
    { bytes: 2 ** 26, pages: 2 ** 18 },
    { bytes: 2 ** 30, pages: 2 ** 24 },
  ],
  input: (shape, seed) => ({ ...sizes(shape), seed: randomWords(seed)() }),
  shapeOf(input) {
    const given = record(input, ID, ['bytes', 'pages', 'seed']);
    const bytes = wholeNumber(given.bytes, 'bytes', BYTES.min, BYTES.max);
    const pages = wholeNumber(given.pages, 'pages', PAGES.min, PAGES.max);
    const seed = wholeNumber(given.seed, 'seed', 0, 2 ** 32 - 1);
    pageRead.checkShape?.({ bytes, pages });
    return { shape: { bytes, pages }, input: { bytes, pages, seed } };
  },
  reference: pageReadReference,
  oracle: pageReadOracle,
  work(shape) {
    const moved = PAGE_BYTES * sizes(shape).pages;
    return { operations: moved, unit: 'byte', bytes: moved };
  },
  variants: [invocation, lanes],
  defaultVariant: 'lanes',
  memoryNote: ({ bytes }) =>
    `random reads are measured over ${(bytes as number) / 2 ** 30} GiB, more than any cache; this card cannot hold it in one binding`,
};
