import type { BufferContents } from '../declaration.js';
import { InputError } from '../errors.js';
import { floatsFromF16, roundToF16, toF16 } from '../f16.js';
import { floats } from '../floats.js';
import { int8s } from '../int8s.js';
import { randomFloats, randomWords } from '../random.js';
import { asFloats } from '../views.js';
import { needles, randomHalves } from './needles.js';
import { F16, F32, type Precision } from './precision.js';
import { padRows, scalePairs } from './quads.js';
import type { AttentionInput, AttentionRequest, Dense, QuantisedAttentionInput } from './reference.js';
import { type AttentionSizes, rowCount } from './sizes.js';

/** How q, k, v and out are stored: all that tells the types of attention apart. Everything is computed in f32. */
export interface Storage<Input extends AttentionRequest> {
  readonly type: 'f32' | 'f16' | 'i8';
  readonly title: string;
  /** Bytes of an element of q and out. */
  readonly queryBytes: number;
  /** Bytes of an element of k and v. */
  readonly cacheBytes: number;
  /** Bytes of the scales of one key. */
  readonly scaleBytes: number;
  /** WGSL that reads and writes quads of q and out. */
  readonly queryModule: string;
  /** WGSL that reads quads of k and v. */
  readonly cacheModule: string;
  readonly aliases: Readonly<Record<string, string>>;
  readonly precision: Precision;
  /** Names of a caller's arrays besides q. */
  readonly names: readonly string[];
  data(s: AttentionSizes, seed: number): Omit<Input, Exclude<keyof AttentionRequest, 'q'>>;
  /** A caller's arrays, rounded to the type where that loses something. @throws {InputError} naming the argument */
  accept(given: Record<string, unknown>, s: AttentionSizes): Omit<Input, Exclude<keyof AttentionRequest, 'q'>>;
  /** What the storage holds, in f32. */
  dense(input: Input): Dense;
  encode(input: Input): BufferContents;
  decode(bytes: Uint8Array): Float32Array;
}

const cacheLength = (s: AttentionSizes): number => s.batch * s.kvHeads * s.keyLength * s.headSize;
const QUERIES = 'batch·heads·queryLength·headSize';
const CACHE = 'batch·kvHeads·keyLength·headSize';

function queries(given: Record<string, unknown>, s: AttentionSizes): Float32Array {
  return floats(given.q, 'q', rowCount(s) * s.headSize, QUERIES);
}

function floatCache(given: Record<string, unknown>, s: AttentionSizes): Dense {
  const [k, v] = (['k', 'v'] as const).map((name) => floats(given[name], name, cacheLength(s), CACHE));
  return { q: queries(given, s), k, v } as Dense;
}

export const storedF32: Storage<AttentionInput> = {
  type: 'f32',
  title: 'Scaled dot-product attention, f32',
  ...{ queryBytes: 4, cacheBytes: 4, scaleBytes: 0 },
  queryModule: 'attention/query-f32.wgsl',
  cacheModule: 'attention/cache-f32.wgsl',
  aliases: { QueryQuad: 'vec4<f32>', CacheQuad: 'vec4<f32>' },
  precision: F32,
  names: ['k', 'v'],
  data: (s, seed) => ({
    q: randomFloats(rowCount(s) * s.headSize, seed),
    k: randomFloats(cacheLength(s), seed ^ 0x5bd1e995),
    v: randomFloats(cacheLength(s), seed ^ 0x27d4eb2f),
  }),
  accept: floatCache,
  dense: (input) => input,
  encode: ({ q, k, v, headSize }) => ({ q: padRows(q, headSize), k: padRows(k, headSize), v: padRows(v, headSize) }),
  decode: asFloats,
};

export const storedF16: Storage<AttentionInput> = {
  type: 'f16',
  title: 'Scaled dot-product attention, f16',
  ...{ queryBytes: 2, cacheBytes: 2, scaleBytes: 0 },
  queryModule: 'attention/query-f16.wgsl',
  cacheModule: 'attention/cache-f16.wgsl',
  aliases: { QueryQuad: 'vec2<u32>', CacheQuad: 'vec2<u32>' },
  precision: F16,
  names: ['k', 'v'],
  data(s, seed) {
    if (seed % 2 !== 0) return needles(s, seed);
    return {
      q: randomHalves(rowCount(s) * s.headSize, seed),
      k: randomHalves(cacheLength(s), seed ^ 0x5bd1e995),
      v: randomHalves(cacheLength(s), seed ^ 0x27d4eb2f),
    };
  },
  accept(given, s) {
    const { q, k, v } = floatCache(given, s);
    return { q: roundToF16(q), k: roundToF16(k), v: roundToF16(v) };
  },
  dense: (input) => input,
  encode({ q, k, v, headSize }) {
    const [qBits, kBits, vBits] = [q, k, v].map((x) => padRows(toF16(x), headSize));
    return { q: qBits, k: kBits, v: vBits } as BufferContents;
  },
  decode: floatsFromF16,
};

export const storedI8: Storage<QuantisedAttentionInput> = {
  type: 'i8',
  title: 'Scaled dot-product attention, int8 keys and values',
  ...{ queryBytes: 2, cacheBytes: 1, scaleBytes: 4 },
  queryModule: 'attention/query-f16.wgsl',
  cacheModule: 'attention/cache-i8.wgsl',
  aliases: { QueryQuad: 'vec2<u32>', CacheQuad: 'u32' },
  precision: F16,
  names: ['k', 'v', 'kScales', 'vScales'],
  data(s, seed) {
    const keys = s.batch * s.kvHeads * s.keyLength;
    const next = randomWords(seed ^ 0x51554e54);
    if (seed % 2 !== 0) {
      // The same needles behind scales of different powers of two.
      const { q, k, v } = needles(s, seed);
      const kScales = Float32Array.from({ length: keys }, () => 2 ** -(next() % 6));
      const vScales = Float32Array.from({ length: keys }, () => 2 ** -(next() % 5));
      return { q, k: divided(k, kScales, s.headSize), v: divided(v, vScales, s.headSize), kScales, vScales };
    }
    const bytes = () => Int8Array.from({ length: cacheLength(s) }, () => (next() % 255) - 127);
    const scales = () => Float32Array.from({ length: keys }, () => (8 + (next() % 8)) / 2048);
    return {
      q: randomHalves(rowCount(s) * s.headSize, seed),
      ...{ k: bytes(), v: bytes(), kScales: scales(), vScales: scales() },
    };
  },
  accept(given, s) {
    const [k, v] = (['k', 'v'] as const).map((name) => int8s(given[name], name, cacheLength(s), CACHE));
    const [kScales, vScales] = (['kScales', 'vScales'] as const).map((name) => scalesOf(given[name], name, s));
    return { q: roundToF16(queries(given, s)), k, v, kScales, vScales } as ReturnType<typeof storedI8.accept>;
  },
  dense: ({ q, k, v, kScales, vScales, headSize }) => ({
    ...{ q, k: multiplied(k, kScales, headSize), v: multiplied(v, vScales, headSize) },
  }),
  encode: ({ q, k, v, kScales, vScales, headSize }) => ({
    q: padRows(toF16(q), headSize),
    ...{ k: padRows(k, headSize), v: padRows(v, headSize), scales: scalePairs(kScales, vScales) },
  }),
  decode: floatsFromF16,
};

function scalesOf(value: unknown, name: string, s: AttentionSizes): Float32Array {
  const scales = roundToF16(floats(value, name, s.batch * s.kvHeads * s.keyLength, 'batch·kvHeads·keyLength'));
  const bad = scales.findIndex((x) => !Number.isFinite(x));
  // 0 · ∞ would be NaN or not by the order in which a kernel multiplies.
  if (bad >= 0)
    throw new InputError(`${name}[${bad}] must be finite in f16, got ${(value as Float32Array)[bad] as number}`);
  return scales;
}

/** int · scale per key: 8 and 11 bits, so exact in f32. */
function multiplied(ints: Int8Array, scales: Float32Array, size: number): Float32Array {
  const out = new Float32Array(ints.length);
  for (let i = 0; i < out.length; i++) out[i] = (ints[i] as number) * (scales[Math.floor(i / size)] as number);
  return out;
}

const divided = (values: Float32Array, scales: Float32Array, size: number): Int8Array =>
  Int8Array.from(values, (x, i) => x / (scales[Math.floor(i / size)] as number));
