import { bytes, record } from '../arguments.js';
import type { Kernel, Oracle, Plan, Shape, Tuning, Variant } from '../declaration.js';
import { InputError } from '../errors.js';
import { linearGrid } from '../grid.js';
import { randomBytes, randomWords } from '../random.js';
import { asWords, blockCount, packMessages, wordsToBytes } from './layout.js';
import { compressionOperations, integerBound } from './operations.js';
import { sha256Reference } from './reference.js';

export interface Sha256Input {
  messages: readonly Uint8Array[];
}
export interface Sha256Output {
  /** 32 bytes each, in the order of the messages. */
  digests: Uint8Array[];
}

const MODULES = { naive: ['sha256-rounds'], unrolled: ['sha256-round', 'sha256-blocks'] };
/** One execution's messages stay under this many blocks (32 MiB), which every adapter can hold. */
const BLOCKS_PER_EXECUTION = 524288;

function variant(id: keyof typeof MODULES, story: string): Variant<Sha256Input, Sha256Output> {
  return {
    id,
    story,
    tuning: { group: [64, 128, 256, 32] },
    plan: (shape: Shape, tuning: Tuning, limits): Plan => {
      const { messages, blocks } = shape as { messages: number; blocks: number };
      const group = tuning.group as number;
      return {
        buffers: [
          { name: 'blocks', role: 'input', byteLength: blocks * 64 },
          { name: 'table', role: 'input', byteLength: (messages + 2) * 4 },
          { name: 'digests', role: 'output', byteLength: messages * 32 },
        ],
        dispatches: [
          {
            wgsl: `sha256/${id}.wgsl`,
            aliases: { Word: 'u32' },
            modules: ['sha256-functions', 'sha256-constants', ...MODULES[id]].map((name) => `shared/${name}.wgsl`),
            constants: { GROUP: group },
            bindings: ['blocks', 'table', 'digests'],
            workgroups: linearGrid(Math.ceil(messages / group), limits.maxComputeWorkgroupsPerDimension),
          },
        ],
      };
    },
    encode: (_shape, _tuning, input) => ({ ...packMessages(input.messages) }),
    decode: (_shape, _tuning, readback) => {
      const all = wordsToBytes(asWords(readback.digests as Uint8Array));
      return { digests: Array.from({ length: all.length / 32 }, (_, i) => all.slice(i * 32, i * 32 + 32)) };
    },
  };
}

/** Messages with the digests that the standard prints. */
const PUBLISHED = [
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  [
    'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  ],
  ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
] as const;

function exactly(expected: readonly Uint8Array[], method: string): Oracle<Sha256Output> {
  return {
    method,
    tolerance: { kind: 'exact' },
    check: ({ digests }) => {
      if (digests.length !== expected.length)
        return { correct: false, maxError: null, detail: `expected ${expected.length} digests, got ${digests.length}` };
      const wrong = expected.findIndex((want, i) => Buffer.compare(want, digests[i] as Uint8Array) !== 0);
      if (wrong < 0) return { correct: true, maxError: 0 };
      const [want, got] = [expected[wrong], digests[wrong]].map((d) => Buffer.from(d as Uint8Array).toString('hex'));
      return { correct: false, maxError: null, detail: `message ${wrong}: expected ${want}, got ${got}` };
    },
  };
}

/** SHA-256 of whole messages, many at a time, each of any length. */
export const sha256: Kernel<Sha256Input, Sha256Output> = {
  id: 'sha256',
  family: 'mining',
  title: 'SHA-256 of whole messages, one invocation each',
  source: 'FIPS 180-4, sections 5.1.1, 5.3.3 and 6.2',
  axes: [
    { name: 'messages', token: 'n', meaning: 'messages hashed at once', min: 1, max: 2 ** 26 },
    { name: 'blocks', token: 'blocks', meaning: '64-byte blocks of all messages together', min: 1, max: 2 ** 26 },
  ],
  checkShape: ({ messages, blocks }) => {
    if ((blocks as number) < (messages as number))
      throw new InputError(`sha256: blocks must be at least messages (${messages}), got ${blocks}`);
  },
  probes: [
    { messages: 1, blocks: 1 },
    { messages: 3, blocks: 7 },
    { messages: 131, blocks: 257 },
  ],
  pilot: { messages: 4096, blocks: 4096 },
  workloads: [
    { messages: 131072, blocks: 131072 },
    { messages: 1048576, blocks: 1048576 },
  ],
  input: (shape, seed) => {
    const { messages, blocks } = shape as { messages: number; blocks: number };
    const next = randomWords(seed);
    const lengths = Array.from({ length: messages }, (_, i) => {
      // Spread the blocks evenly; the first messages take what is left over.
      const own = Math.floor(blocks / messages) + (i < blocks % messages ? 1 : 0);
      // Any length that fills exactly `own` blocks, the one-byte-short and one-byte-over cases included.
      const shortest = Math.max(0, own * 64 - 72);
      return shortest + (next() % (own * 64 - 8 - shortest));
    });
    // Views into one buffer: a million buffers of their own would cost a gigabyte.
    const data = randomBytes(
      lengths.reduce((sum, length) => sum + length, 0),
      next(),
    );
    let end = 0;
    return {
      messages: lengths.map((length) => {
        end += length;
        return data.subarray(end - length, end);
      }),
    };
  },
  shapeOf: (value) => {
    const { messages } = record(value, 'sha256', ['messages']);
    if (!Array.isArray(messages)) throw new InputError('sha256: messages must be an array of Uint8Array');
    // Not forEach, which passes over holes.
    for (const [i, m] of messages.entries()) bytes(m, `sha256: messages[${i}]`);
    const input = { messages: messages as Uint8Array[] };
    return { shape: shapeOfMessages(input.messages), input };
  },
  reference: (_shape, input) => ({ digests: sha256Reference(input.messages) }),
  oracle: (_shape, input) => exactly(sha256Reference(input.messages), 'every digest against OpenSSL'),
  knownAnswers: [
    {
      name: 'the standard’s examples',
      source: 'FIPS 180-2, appendix B.1 and B.2; NIST CAVP SHA256ShortMsg for the empty message',
      input: { messages: PUBLISHED.map(([message]) => new TextEncoder().encode(message)) },
      oracle: exactly(
        PUBLISHED.map(([, digest]) => Uint8Array.from(Buffer.from(digest, 'hex'))),
        'every digest against the published one',
      ),
    },
  ],
  work: ({ messages, blocks }) => ({
    operations: messages as number,
    unit: 'hash',
    bytes: (blocks as number) * 64 + (messages as number) * 32,
  }),
  bounds: ({ messages, blocks }) => [
    integerBound(compressionOperations(), blocks as number),
    { id: 'bandwidth', kind: 'memory', ways: [{ copy: (blocks as number) * 64 + (messages as number) * 32 }] },
  ],
  variants: [
    variant('naive', 'The standard as written: arrays for schedule and state, a loop of 64 rounds.'),
    variant('unrolled', 'Rounds unrolled over scalars with literal constants, vector loads and stores.'),
  ],
  defaultVariant: 'unrolled',
  async run(input, execute) {
    const digests: Uint8Array[] = [];
    for (let start = 0; start < input.messages.length; ) {
      let [end, blocks] = [start, 0];
      while (end < input.messages.length) {
        const next = blockCount((input.messages[end] as Uint8Array).length);
        if (end > start && blocks + next > BLOCKS_PER_EXECUTION) break;
        blocks += next;
        end++;
      }
      // Pushed one by one: a spread of a million digests would overflow the call stack.
      for (const digest of (await execute({ messages: input.messages.slice(start, end) })).digests)
        digests.push(digest);
      start = end;
    }
    return { digests };
  },
};

function shapeOfMessages(messages: readonly Uint8Array[]): Shape {
  return { messages: messages.length, blocks: messages.reduce((sum, m) => sum + blockCount(m.length), 0) };
}
