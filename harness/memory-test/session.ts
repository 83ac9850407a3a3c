import { freemem } from 'node:os';
import { InputError } from '../../kernels/errors.js';
import type { OpenDevice } from '../device.js';
import { FaultyMemory } from '../faults/faulty-memory.js';
import { memoryFault } from '../faults/memory-faults.js';
import { FAULTS, type MemoryFaultName } from '../faults/names.js';
import { OutOfMemoryError } from '../submit.js';
import { type Allocation, allocateChunks, powerOfTwo } from './allocate.js';
import { DeviceMemory } from './device-memory.js';
import type { MemoryUnderTest } from './memory.js';
import type { Level } from './passes.js';
import type { MemoryReport } from './report.js';
import { selfCheck } from './self-check.js';
import { MemoryTest } from './test.js';

export interface MemoryTestOptions {
  /** Patterns, samples and the place of a fault come from it: a whole number under 2³². */
  readonly seed: number;
  readonly level: Level;
  readonly loops?: number;
  readonly budgetMs?: number;
  readonly holdMs?: number;
  /** Most bytes of memory that are tested. A software adapter's memory is the host's: there it is never more than a quarter of what is free. */
  readonly limitBytes?: number;
  /** Bytes of a full chunk, a power of two; chosen by the device's limits where it is absent. */
  readonly chunkBytes?: number;
  /** The fault that is rehearsed. */
  readonly fault?: MemoryFaultName;
}

const MIB = 2 ** 20;
/** What is left to the driver and to other programs once the device refuses to give more. */
const RESERVE_BYTES = 64 * MIB;
const MOST_CHUNK_BYTES = 1024 * MIB;
/** Of the smaller chunks at the end; a sixteenth of a full one where that is less. */
const LEAST_CHUNK_BYTES = 16 * MIB;
/** A median of rates wants several chunks. */
const WANTED_CHUNKS = 8;
/** Of the heat map. */
const BLOCK_BYTES = 64 * MIB;
/** A rehearsal on a software adapter: so much, if the host has four times that. */
const REHEARSAL_BYTES = 512 * MIB;
/** Milliseconds of one submission. A card's driver may give up after 250; nothing watches a software adapter. */
const SUBMISSION_MS = { software: 300, hardware: 50 };
const SPIN_MS = { software: 0.2, hardware: 10 };
/** Vectors per invocation. */
const EACH = 4;

/** The memory test on a card: chunks, the fault that is rehearsed if any, and the test over them. */
export class MemorySession {
  readonly test: MemoryTest;
  readonly #memory: DeviceMemory;
  readonly #allocation: Allocation;
  readonly #rehearsal: MemoryReport['rehearsal'];
  #reported = 0;

  private constructor(
    memory: DeviceMemory,
    test: MemoryTest,
    allocation: Allocation,
    rehearsal: MemoryReport['rehearsal'],
  ) {
    this.#memory = memory;
    this.test = test;
    this.#allocation = allocation;
    this.#rehearsal = rehearsal;
  }

  /**
   * Allocates the memory.
   * @throws {InputError} naming the option that is wrong
   * @throws {OutOfMemoryError} when the device gives not even the smallest chunk
   * @throws {BlindTestError} when the test does not see errors that it planted itself
   */
  static async open(card: OpenDevice, options: MemoryTestOptions): Promise<MemorySession> {
    const sizes = sizesFor(card, options);
    const allocation = await allocateChunks(card.gpu, sizes);
    if (allocation.buffers.length === 0)
      throw new OutOfMemoryError(`${card.device.name} gives not even a chunk of ${sizes.leastBytes} bytes`);
    const kind = card.device.software ? 'software' : 'hardware';
    const memory = new DeviceMemory(card.gpu, allocation.buffers, {
      timestamps: card.timestamps,
      spinMs: SPIN_MS[kind],
      maxWorkgroups: card.limits.maxComputeWorkgroupsPerDimension,
      blockWords: Math.min(BLOCK_BYTES, sizes.chunkBytes) / 4,
      each: EACH,
    });
    try {
      // Before any fault is put in: it is the comparison that is on trial here.
      await selfCheck(memory);
      const { tested, rehearsal } = withFault(memory, options);
      const { seed, level, loops, budgetMs, holdMs } = options;
      const test = new MemoryTest(tested, {
        ...{ seed, level, submissionMs: SUBMISSION_MS[kind] },
        ...(loops !== undefined && { loops }),
        ...(budgetMs !== undefined && { budgetMs }),
        ...(holdMs !== undefined && { holdMs }),
      });
      return new MemorySession(memory, test, allocation, rehearsal);
    } catch (error) {
      memory.release();
      throw error;
    }
  }

  /** True at any moment; the errors themselves come from `newErrors`. */
  report(): MemoryReport {
    const { endedBy, reserveBytes } = this.#allocation;
    return { ...this.test.report(), rehearsal: this.#rehearsal, endedBy, reserveBytes };
  }

  /** Those found since the last call. */
  newErrors(most: number) {
    const errors = this.test.tally.errors.slice(this.#reported, this.#reported + most);
    this.#reported += errors.length;
    return errors;
  }

  close(): void {
    this.#memory.release();
  }
}

function withFault(memory: DeviceMemory, { fault, seed }: MemoryTestOptions) {
  if (fault === undefined) return { tested: memory as MemoryUnderTest, rehearsal: null };
  const injected = memoryFault(fault, seed, memory.chunks);
  const rehearsal = { fault, detail: `${FAULTS[fault]} Here: ${injected.detail}.` };
  return { tested: new FaultyMemory(memory, injected), rehearsal };
}

function sizesFor({ device, limits }: OpenDevice, options: MemoryTestOptions) {
  const { limitBytes = Number.POSITIVE_INFINITY } = options;
  const host = device.software ? freemem() / 4 : Number.POSITIVE_INFINITY;
  const most = Math.min(limitBytes, host, device.software && !options.limitBytes ? REHEARSAL_BYTES : Infinity);
  const largest = powerOfTwo(Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize));
  const { chunkBytes = defaultChunk(largest, most) } = options;
  if (!(chunkBytes >= 4096 && powerOfTwo(chunkBytes) === chunkBytes && chunkBytes <= largest))
    throw new InputError(`chunkBytes must be a power of two from 4096 to ${largest} here, got ${chunkBytes}`);
  const leastBytes = Math.max(4096, Math.min(LEAST_CHUNK_BYTES, chunkBytes / 16));
  if (!(most >= leastBytes)) throw new InputError(`limitBytes must be at least ${leastBytes} here, got ${most}`);
  return { limitBytes: most, chunkBytes, leastBytes, reserveBytes: RESERVE_BYTES };
}

/** As large as the device binds, but so that there are several where the caller wants little. */
function defaultChunk(largest: number, limitBytes: number): number {
  const several = Number.isFinite(limitBytes) ? powerOfTwo(limitBytes / WANTED_CHUNKS) : MOST_CHUNK_BYTES;
  return Math.max(4096, Math.min(largest, MOST_CHUNK_BYTES, several));
}

export interface RunOptions extends MemoryTestOptions {
  readonly signal?: AbortSignal;
  onProgress?(report: MemoryReport): void;
}

/** The whole test in this process. An abort leaves what is known, with `done` false. */
export async function runMemoryTest(card: OpenDevice, { signal, onProgress, ...options }: RunOptions) {
  const session = await MemorySession.open(card, options);
  try {
    while (!session.test.done && !signal?.aborted) {
      await session.test.step(1000);
      onProgress?.(session.report());
    }
    return { report: session.report(), errors: session.test.tally.errors };
  } finally {
    session.close();
  }
}
