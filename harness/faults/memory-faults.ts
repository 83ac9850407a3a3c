import { InputError } from '../../kernels/errors.js';
import { randomWords } from '../../kernels/random.js';
import { type Chunk, writes } from '../memory-test/memory.js';
import type { Access, MemoryFault, RawMemory } from './faulty-memory.js';
import type { MemoryFaultName } from './names.js';

/** Of ranges that are read, how many an intermittent fault strikes. */
const STRIKES = 0.15;
/** Cells that leak, of a whole card's. */
const WEAK_CELLS = 48;
/** Times that a chunk in host memory is swapped to and fro besides: some seventeen times the traffic. */
const BURDEN = 4;

type Random = (below: number) => number;

/** @throws {InputError} when memory has too few chunks for the fault */
export function memoryFault(name: MemoryFaultName, seed: number, chunks: readonly Chunk[]): MemoryFault {
  const next = randomWords(seed);
  // mulberry32's first words of neighbouring seeds are as good as any.
  const random: Random = (below) => Math.floor((next() / 2 ** 32) * below);
  return MAKERS[name](random, chunks);
}

const MAKERS: Readonly<Record<MemoryFaultName, (random: Random, chunks: readonly Chunk[]) => MemoryFault>> = {
  'stuck-bit': stuckBit,
  'intermittent-flip': intermittentFlip,
  'address-line': addressLine,
  'faked-size': fakedSize,
  'retention-loss': retentionLoss,
  'transfer-error': transferError,
  'host-memory': hostMemory,
};

const wordsOf = (chunks: readonly Chunk[], chunk: number) => (chunks[chunk] as Chunk).words;
const bitOf = (bit: number) => (1 << bit) >>> 0;

const touches = ({ list, start, words }: Access, word: number): boolean =>
  list ? list.includes(word) : word >= start && word < start + words;

function stuckBit(random: Random, chunks: readonly Chunk[]): MemoryFault {
  const chunk = random(chunks.length);
  const word = random(wordsOf(chunks, chunk));
  const bit = random(32);
  const value = random(2);
  const change = { word, and: ~bitOf(bit) >>> 0, or: value === 1 ? bitOf(bit) : 0, xor: 0 };
  const hold = async (memory: RawMemory, access: Access) => {
    if (access.chunk === chunk && touches(access, word)) await memory.poke(chunk, [change]);
  };
  return {
    detail: `bit ${bit} of word ${word} in chunk ${chunk} is stuck at ${value}`,
    beforeRead: hold,
    afterWrite: hold,
  };
}

const flip = (word: number, bit: number) => ({ word, and: 0xffffffff, or: 0, xor: bitOf(bit) });

function intermittentFlip(random: Random): MemoryFault {
  return {
    detail: `of ranges read, ${STRIKES * 100} % have a bit flipped before`,
    async beforeRead(memory, { chunk, start, words, list }) {
      if (list || random(1000) >= STRIKES * 1000) return;
      await memory.poke(chunk, [flip(start + random(words), random(32))]);
    },
  };
}

function transferError(random: Random): MemoryFault {
  let struck: { chunk: number; word: number; bit: number } | null = null;
  return {
    detail: `of ranges compared, ${STRIKES * 100} % have a bit wrong while they are read`,
    async beforeRead(memory, { chunk, start, words, compared }) {
      if (!compared || random(1000) >= STRIKES * 1000) return;
      struck = { chunk, word: start + random(words), bit: random(32) };
      await memory.poke(chunk, [flip(struck.word, struck.bit)]);
    },
    async afterRead(memory) {
      if (!struck) return;
      const { chunk, word, bit } = struck;
      struck = null;
      await memory.poke(chunk, [flip(word, bit)]);
    },
  };
}

function retentionLoss(random: Random, chunks: readonly Chunk[]): MemoryFault {
  const cells = new Map<number, Map<number, number>>();
  for (let i = 0; i < WEAK_CELLS; i++) {
    const chunk = random(chunks.length);
    const weak = cells.get(chunk) ?? new Map<number, number>();
    cells.set(chunk, weak.set(random(wordsOf(chunks, chunk)), random(32)));
  }
  return {
    detail: `${WEAK_CELLS} cells decay to 0 in every pause`,
    async afterHold(memory) {
      for (const [chunk, weak] of cells)
        await memory.poke(
          chunk,
          [...weak].map(([word, bit]) => ({ word, and: ~bitOf(bit) >>> 0, or: 0, xor: 0 })),
        );
    },
  };
}

/**
 * Two places are one: both hold what either was given last, and where one operation wrote both, what the place with
 * the line set was given.
 */
function addressLine(random: Random, chunks: readonly Chunk[]): MemoryFault {
  const vectors = Math.min(...chunks.map(({ words }) => words)) / 4;
  const line = random(Math.log2(vectors));
  const mask = 2 ** line;
  return {
    detail: `line ${line + 2} of the word's index is stuck`,
    async afterWrite(memory, { chunk, start, words, list }) {
      if (list) return aliasWords(memory, chunk, list, 4 * mask);
      const [first, count] = [start / 4, words / 4];
      await memory.alias(chunk, first, count, mask, count > mask);
    },
  };
}

async function aliasWords(memory: RawMemory, chunk: number, list: readonly number[], bit: number): Promise<void> {
  const set = new Set(list);
  const sources = list.filter((word) => (word & bit) !== 0 || !set.has(word ^ bit));
  const values = await memory.peek(chunk, sources);
  await memory.poke(
    chunk,
    sources.map((word, i) => writes((word ^ bit) >>> 0, values[i] as number)),
  );
}

function fakedSize(random: Random, chunks: readonly Chunk[]): MemoryFault {
  if (chunks.length < 2) throw new InputError('the fault faked-size needs at least two chunks of memory');
  const real = 1 + random(chunks.length - 1);
  return {
    detail: `memory has ${real} chunks and says ${chunks.length}`,
    // Chunks become smaller towards the end, so that one always fits into an earlier one.
    reaches: (chunk) => chunk % real,
  };
}

function hostMemory(random: Random, chunks: readonly Chunk[]): MemoryFault {
  // A small chunk at the end is rated by its overhead.
  const largest = Math.max(...chunks.map(({ words }) => words));
  const slow = random(chunks.filter(({ words }) => words === largest).length);
  return {
    detail: `chunk ${slow} is slow`,
    burden: (chunk) => (chunk === slow ? BURDEN : 0),
  };
}
