import type { BufferPlan, Plan, Shape, Tuning, Variant } from '../declaration.js';
import { asFloats } from '../floats.js';
import { checkWorkgroup } from '../workgroup.js';
import type { MatmulInput, MatmulOutput } from './reference.js';

type MatmulVariant = Variant<MatmulInput, MatmulOutput>;

/** Sizes after padding to whole tiles; equal to the shape where a variant pads nothing. */
interface Padded {
  readonly m: number;
  readonly n: number;
  readonly k: number;
}

const up = (size: number, multiple: number): number => Math.ceil(size / multiple) * multiple;
const pick = (tuning: Tuning, name: string): number => tuning[name] as number;

function sizes(shape: Shape): Padded {
  return shape as unknown as Padded;
}

function buffers({ m, n, k }: Padded): BufferPlan[] {
  return [
    { name: 'a', role: 'input', byteLength: 4 * m * k },
    { name: 'b', role: 'input', byteLength: 4 * k * n },
    { name: 'c', role: 'output', byteLength: 4 * m * n },
  ];
}

const BINDINGS = ['a', 'b', 'c'];

/** A copy with every row widened to `toColumns` and rows added up to `toRows`, all zeros; itself if nothing changes. */
export function pad(values: Float32Array, rows: number, columns: number, toRows: number, toColumns: number) {
  if (rows === toRows && columns === toColumns) return values;
  const out = new Float32Array(toRows * toColumns);
  for (let i = 0; i < rows; i++) out.set(values.subarray(i * columns, (i + 1) * columns), i * toColumns);
  return out;
}

/** The first `columns` of the first `rows` rows. */
export function strip(bytes: Uint8Array, rows: number, columns: number, fromColumns: number): Float32Array {
  const out = new Float32Array(rows * columns);
  const from = asFloats(bytes);
  for (let i = 0; i < rows; i++) out.set(from.subarray(i * fromColumns, i * fromColumns + columns), i * columns);
  return out;
}

/** How a variant that works on `padded(shape, tuning)` sizes lays out its buffers. */
function layout(padded: (shape: Shape, tuning: Tuning) => Padded): Pick<MatmulVariant, 'encode' | 'decode'> {
  return {
    encode(shape, tuning, { a, b }) {
      const { m, n, k } = sizes(shape);
      const to = padded(shape, tuning);
      return { a: pad(a, m, k, to.m, to.k), b: pad(b, k, n, to.k, to.n) };
    },
    decode(shape, tuning, readback) {
      const { m, n } = sizes(shape);
      return { c: strip(readback.c as Uint8Array, m, n, padded(shape, tuning).n) };
    },
  };
}

function plan(wgsl: string, size: Padded, constants: Record<string, number>, tileM: number, tileN: number): Plan {
  return {
    buffers: buffers(size),
    dispatches: [
      {
        wgsl: `matmul/${wgsl}.wgsl`,
        constants,
        bindings: BINDINGS,
        workgroups: [Math.ceil(size.n / tileN), Math.ceil(size.m / tileM), 1],
      },
    ],
  };
}

export const naive: MatmulVariant = {
  id: 'naive',
  story: 'One invocation per element of c: every multiplication fetches both its factors from memory.',
  plan(shape) {
    const { m, n, k } = sizes(shape);
    // 16 wide so that neighbours read neighbouring words of b.
    return plan('naive', sizes(shape), { M: m, N: n, K: k, GROUP_X: 16, GROUP_Y: 8 }, 8, 16);
  },
  ...layout(sizes),
};

export const tiled: MatmulVariant = {
  id: 'tiled',
  story: 'Adds square tiles in workgroup memory: each value fetched from memory serves a whole row of invocations.',
  tuning: { tile: [16, 8, 32] },
  plan(shape, tuning, limits) {
    const { m, n, k } = sizes(shape);
    const tile = pick(tuning, 'tile');
    checkWorkgroup('matmul/tiled', tile * tile, 8 * tile * tile, limits);
    return plan('tiled', sizes(shape), { M: m, N: n, K: k, TILE: tile }, tile, tile);
  },
  ...layout(sizes),
};

function registerTile(shape: Shape, tuning: Tuning): Padded {
  const { m, n, k } = sizes(shape);
  return {
    m: up(m, pick(tuning, 'groupY') * pick(tuning, 'rows')),
    n: up(n, 4 * pick(tuning, 'groupX') * pick(tuning, 'vectors')),
    k: up(k, pick(tuning, 'tileK')),
  };
}

export const registerTiled: MatmulVariant = {
  id: 'register-tiled',
  story:
    'Adds a register tile: each invocation computes 8 × 8 elements, so one value from workgroup memory serves eight ' +
    'multiplications, and memory is read 16 bytes at a time.',
  // 128 × 128 tiles with 256 invocations of 8 × 8 is what the fastest f32 kernels use on discrete cards. A
  // small product has few such tiles and leaves multiprocessors idle: smaller ones are worth trying there.
  tuning: { groupX: [16, 8], groupY: [16, 8], rows: [8, 4], vectors: [2, 1], tileK: [8, 16, 32] },
  plan(shape, tuning, limits) {
    const size = registerTile(shape, tuning);
    const [x, y] = [pick(tuning, 'groupX'), pick(tuning, 'groupY')];
    const [rows, vectors, tileK] = [pick(tuning, 'rows'), pick(tuning, 'vectors'), pick(tuning, 'tileK')];
    const [tileM, tileN] = [y * rows, 4 * x * vectors];
    checkWorkgroup('matmul/register-tiled', x * y, 4 * tileK * (tileM + 1 + tileN) + 16, limits);
    const constants = { N: size.n, K: size.k, GROUP_X: x, GROUP_Y: y, ROWS: rows, VECTORS: vectors, TILE_K: tileK };
    return plan('register-tiled', size, constants, tileM, tileN);
  },
  ...layout(registerTile),
};

function subgroupTile(shape: Shape, tuning: Tuning): Padded {
  const { m, n, k } = sizes(shape);
  return { m: up(m, pick(tuning, 'rows')), n: up(n, 4 * pick(tuning, 'group')), k: up(k, 4) };
}

export const subgroup: MatmulVariant = {
  id: 'subgroup',
  story:
    'Replaces workgroup memory and its barriers by shuffles: each lane loads a different value of a and hands it to ' +
    'the others. Wins where loads are dear and shuffles cheap, as on software adapters.',
  requires: ['subgroups'],
  // 16 rows reuse b most; 32 were ten times slower on a software adapter, which has 16 vector registers.
  tuning: { group: [32, 8, 64], rows: [16, 8] },
  plan(shape, tuning, limits) {
    const size = subgroupTile(shape, tuning);
    const [group, rows] = [pick(tuning, 'group'), pick(tuning, 'rows')];
    checkWorkgroup('matmul/subgroup', group, 0, limits);
    const constants = { N: size.n, K: size.k, GROUP: group, ROWS: rows };
    const { buffers, dispatches } = plan('subgroup', size, constants, rows, 4 * group);
    return { buffers, dispatches: dispatches.map((dispatch) => ({ ...dispatch, enables: ['subgroups'] })) };
  },
  ...layout(subgroupTile),
};
