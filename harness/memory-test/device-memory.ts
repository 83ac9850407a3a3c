import { setTimeout as pause } from 'node:timers/promises';
import { linearGrid } from '../../kernels/grid.js';
import { eachOf, GROUP, LISTED, type Operation, PARAMS_BYTES, RECORDING } from '../../kernels/memory-test/programs.js';
import { type Pattern, patternParams } from '../../kernels/memory-test/reference.js';
import { duration } from '../clock.js';
import { guarded } from '../submit.js';
import { restfully } from '../wait.js';
import { type Change, firstBlocks, type MemoryUnderTest, type Op, type Ran, type Recorded } from './memory.js';
import { MemoryPipelines } from './pipelines.js';

/** Wrong words that are listed between two calls of `takeErrors`. */
export const CAPACITY = 4096;
const RECORD_BYTES = 16;
const LOG_HEAD = 16;
const MAX_OPS = 128;
/** Uniform blocks are bound at multiples of this, WebGPU's default `minUniformBufferOffsetAlignment`. */
const SLOT = 256;
const STAMPS = 2 * MAX_OPS + 1;
/** One submission of the load. */
const LOAD_MS = 30;
const LOAD_GROUPS = 1024;
const NOTHING: Pattern = { kind: 'hash', key: 0, inverted: false, extra: 0, moved: 0 };

export interface DeviceMemoryOptions {
  readonly timestamps: boolean;
  /** A software adapter computes on the core that would spin. */
  readonly spinMs: number;
  readonly maxWorkgroups: number;
  readonly blockWords: number;
  /** Vectors per invocation. */
  readonly each: number;
}

interface Work {
  readonly operation: Operation;
  /** Chunk that is bound, or the buffer itself. */
  readonly target: GPUBuffer;
  readonly chunk: number;
  readonly start: number;
  readonly count: number;
  readonly mask?: number;
  readonly extra?: number;
  readonly before?: Pattern;
  readonly after?: Pattern;
  readonly list?: GPUBuffer;
}

/** Chunks of a card's memory. What the test needs besides takes less than a megabyte on the device and on the host. */
export class DeviceMemory implements MemoryUnderTest {
  readonly chunks: readonly { words: number }[];
  readonly blockWords: number;
  readonly maxOps: number;
  readonly #gpu: GPUDevice;
  readonly #buffers: readonly GPUBuffer[];
  readonly #options: DeviceMemoryOptions;
  readonly #pipelines: MemoryPipelines;
  readonly #blocks: readonly number[];
  readonly #own: GPUBuffer[] = [];
  readonly #params: GPUBuffer;
  readonly #log: GPUBuffer;
  readonly #heat: GPUBuffer;
  readonly #stamps: { querySet: GPUQuerySet; resolve: GPUBuffer; read: GPUBuffer } | null;
  #loadLength = 64;

  constructor(gpu: GPUDevice, buffers: readonly GPUBuffer[], options: DeviceMemoryOptions) {
    this.#gpu = gpu;
    this.#buffers = buffers;
    this.#options = options;
    this.chunks = buffers.map(({ size }) => ({ words: size / 4 }));
    this.blockWords = options.blockWords;
    this.#blocks = firstBlocks(this.chunks, this.blockWords);
    this.#pipelines = new MemoryPipelines(gpu, options.each);
    // A host's clock times whole submissions only.
    this.maxOps = options.timestamps ? MAX_OPS : 1;
    const own = (label: string, size: number, usage: GPUBufferUsageFlags) => {
      const buffer = gpu.createBuffer({ label, size, usage });
      this.#own.push(buffer);
      return buffer;
    };
    const { COPY_DST, COPY_SRC, MAP_READ, QUERY_RESOLVE, STORAGE, UNIFORM } = GPUBufferUsage;
    this.#params = own('params', MAX_OPS * 2 * SLOT, UNIFORM | COPY_DST);
    this.#log = own('log', LOG_HEAD + CAPACITY * RECORD_BYTES, STORAGE | COPY_SRC | COPY_DST);
    this.#heat = own('heat', 4 * (this.#blocks.at(-1) as number), STORAGE | COPY_SRC | COPY_DST);
    this.#stamps = options.timestamps
      ? {
          querySet: gpu.createQuerySet({ type: 'timestamp', count: STAMPS }),
          resolve: own('stamps', 8 * STAMPS, QUERY_RESOLVE | COPY_SRC),
          read: own('stamps read back', 8 * STAMPS, MAP_READ | COPY_DST),
        }
      : null;
  }

  async run(ops: readonly Op[]): Promise<Ran> {
    if (ops.length > this.maxOps) throw new RangeError(`${ops.length} operations; one run takes ${this.maxOps}`);
    const groups = ops.map((op) => this.#worksOf(op));
    await this.#compile(groups.flat());
    const start = performance.now();
    let number = 0;
    const stamps = this.#stamps;
    const data = await guarded(this.#gpu, 'the memory test', async () => {
      const encoder = this.#gpu.createCommandEncoder();
      if (stamps)
        encoder.beginComputePass({ timestampWrites: { querySet: stamps.querySet, endOfPassWriteIndex: 0 } }).end();
      for (const [i, works] of groups.entries()) {
        const timestampWrites = stamps && {
          querySet: stamps.querySet,
          beginningOfPassWriteIndex: 2 * i + 1,
          endOfPassWriteIndex: 2 * i + 2,
        };
        const pass = encoder.beginComputePass(timestampWrites ? { timestampWrites } : {});
        for (const work of works) await this.#encode(pass, work, number++);
        pass.end();
      }
      if (stamps) {
        const count = 2 * ops.length + 1;
        encoder.resolveQuerySet(stamps.querySet, 0, count, stamps.resolve, 0);
        encoder.copyBufferToBuffer(stamps.resolve, 0, stamps.read, 0, 8 * count);
      }
      this.#gpu.queue.submit([encoder.finish()]);
      if (stamps) return new BigUint64Array(await this.#map(stamps.read));
      await restfully(this.#gpu.queue.onSubmittedWorkDone(), this.#options.spinMs);
      return null;
    });
    const hostNs = (performance.now() - start) * 1e6;
    return { ns: ops.map((_, i) => (data ? duration(...stampsOf(data, i)) : hostNs)) };
  }

  async takeErrors(): Promise<Recorded> {
    const heatBytes = this.#heat.size;
    const head = await this.#read((encoder, staging) => {
      encoder.copyBufferToBuffer(this.#log, 0, staging, 0, this.#log.size);
      encoder.copyBufferToBuffer(this.#heat, 0, staging, this.#log.size, heatBytes);
      encoder.clearBuffer(this.#log, 0, LOG_HEAD);
      encoder.clearBuffer(this.#heat);
    }, this.#log.size + heatBytes);
    const words = new Uint32Array(head);
    const count = words[0] as number;
    const records = Array.from({ length: Math.min(count, CAPACITY) }, (_, i) => {
      const [chunk, word, expected, got] = words.subarray(LOG_HEAD / 4 + 4 * i) as unknown as [
        number,
        number,
        number,
        number,
      ];
      return { chunk, word, expected, got };
    });
    return { count, records, blocks: words.slice(this.#log.size / 4) };
  }

  async peek(chunk: number, words: readonly number[]): Promise<number[]> {
    const entries = words.map((word) => ({ word, and: 0, or: 0, xor: 0 }));
    const data = await this.#listed('peek', chunk, entries, true);
    return words.map((_, i) => data?.[4 * i + 1] as number);
  }

  async poke(chunk: number, changes: readonly Change[]): Promise<void> {
    await this.#listed('poke', chunk, changes, false);
  }

  /** What `alias.wgsl` does, to vectors of a chunk. */
  async alias(chunk: number, start: number, count: number, mask: number, onlySet: boolean): Promise<void> {
    await this.#submit({
      operation: 'alias',
      target: this.#buffers[chunk] as GPUBuffer,
      chunk,
      start,
      count,
      mask,
      extra: onlySet ? 1 : 0,
    });
  }

  async hold(ms: number, loaded: boolean): Promise<void> {
    if (!loaded) return pause(ms);
    const ends = this.#gpu.createBuffer({ size: 1024, usage: GPUBufferUsage.STORAGE });
    try {
      for (let left = ms; left > 0; ) {
        const start = performance.now();
        const count = this.#loadLength;
        await this.#submit({ operation: 'load', target: ends, chunk: 0, start: 0, count });
        const took = performance.now() - start;
        left -= took;
        this.#loadLength = Math.max(1, Math.round(count * Math.min(4, LOAD_MS / took)));
      }
    } finally {
      ends.destroy();
    }
  }

  /** Gives chunks and all else back. */
  release(): void {
    for (const buffer of [...this.#own, ...this.#buffers]) buffer.destroy();
    this.#stamps?.querySet.destroy();
  }

  #worksOf(op: Op): Work[] {
    const reached = op.reaches ?? op.chunk;
    const work = { ...op, target: this.#buffers[reached] as GPUBuffer };
    // Swapped and swapped back: nothing changes but the time.
    const swap = { ...work, operation: 'swap' as const, start: op.start / 2, count: op.count / 2, mask: op.count / 2 };
    return [work, ...Array.from({ length: 2 * (op.burden ?? 0) }, () => swap)];
  }

  async #compile(works: readonly Work[]): Promise<void> {
    await Promise.all(works.map(({ operation, before = NOTHING }) => this.#pipelines.get(operation, before.kind)));
  }

  async #submit(work: Work): Promise<void> {
    await this.#compile([work]);
    await guarded(this.#gpu, `the memory test's ${work.operation}`, async () => {
      const encoder = this.#gpu.createCommandEncoder();
      const pass = encoder.beginComputePass();
      await this.#encode(pass, work, 0);
      pass.end();
      this.#gpu.queue.submit([encoder.finish()]);
      await restfully(this.#gpu.queue.onSubmittedWorkDone(), this.#options.spinMs);
    });
  }

  async #listed(
    operation: 'peek' | 'poke',
    chunk: number,
    entries: readonly Change[],
    back: boolean,
  ): Promise<Uint32Array | null> {
    if (entries.length === 0) return new Uint32Array();
    const contents = Uint32Array.from(entries.flatMap(({ word, and, or, xor }) => [word, and, or, xor]));
    const { COPY_DST, COPY_SRC, STORAGE } = GPUBufferUsage;
    const list = this.#gpu.createBuffer({ size: contents.byteLength, usage: STORAGE | COPY_DST | COPY_SRC });
    try {
      this.#gpu.queue.writeBuffer(list, 0, contents);
      const target = this.#buffers[chunk] as GPUBuffer;
      await this.#submit({ operation, target, chunk, start: 0, count: entries.length, list });
      if (!back) return null;
      return new Uint32Array(
        await this.#read((encoder, staging) => encoder.copyBufferToBuffer(list, 0, staging, 0, list.size), list.size),
      );
    } finally {
      list.destroy();
    }
  }

  async #encode(pass: GPUComputePassEncoder, work: Work, slot: number): Promise<void> {
    const { operation, target, chunk, start, count, mask = 0, extra = 0, before = NOTHING, after = NOTHING } = work;
    const pipeline = await this.#pipelines.get(operation, before.kind);
    const { words } = this.chunks[chunk] as { words: number };
    const blockVectors = Math.min(words, this.blockWords) / 4;
    const params = Uint32Array.of(
      ...[start, count, mask, chunk],
      ...patternParams(before),
      ...patternParams(after),
      ...[this.#blocks[chunk] as number, Math.log2(blockVectors), CAPACITY, extra],
    );
    this.#gpu.queue.writeBuffer(this.#params, slot * SLOT, params);
    const bound: GPUBindingResource[] = [
      { buffer: this.#params, offset: slot * SLOT, size: PARAMS_BYTES },
      { buffer: target },
    ];
    if (LISTED.includes(operation)) bound.push({ buffer: work.list as GPUBuffer });
    if (RECORDING.includes(operation) || operation === 'scrub') bound.push({ buffer: this.#log });
    if (RECORDING.includes(operation)) bound.push({ buffer: this.#heat });
    pass.setPipeline(pipeline);
    pass.setBindGroup(
      0,
      this.#gpu.createBindGroup({
        layout: pipeline.getBindGroupLayout(0),
        entries: bound.map((resource, binding) => ({ binding, resource })),
      }),
    );
    pass.dispatchWorkgroups(...this.#grid(operation, count));
  }

  #grid(operation: Operation, count: number): [number, number, number] {
    const { each, maxWorkgroups } = this.#options;
    if (operation === 'load') return linearGrid(LOAD_GROUPS, maxWorkgroups);
    // One invocation per five vectors, and one more at either end of a range that begins inside a five.
    const invocations = operation === 'every-20th' ? Math.ceil(count / 5) + 2 : count;
    return linearGrid(Math.ceil(invocations / (GROUP * eachOf(operation, each))), maxWorkgroups);
  }

  async #read(encode: (encoder: GPUCommandEncoder, staging: GPUBuffer) => void, size: number): Promise<ArrayBuffer> {
    const staging = this.#gpu.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
    try {
      return await guarded(this.#gpu, 'reading errors back', async () => {
        const encoder = this.#gpu.createCommandEncoder();
        encode(encoder, staging);
        this.#gpu.queue.submit([encoder.finish()]);
        return this.#map(staging);
      });
    } finally {
      staging.destroy();
    }
  }

  async #map(buffer: GPUBuffer): Promise<ArrayBuffer> {
    await restfully(buffer.mapAsync(GPUMapMode.READ), this.#options.spinMs);
    const data = buffer.getMappedRange().slice(0);
    buffer.unmap();
    return data;
  }
}

/** End of what came before, begin and end of operation `i`. */
const stampsOf = (stamps: BigUint64Array, i: number): [bigint, bigint, bigint] => [
  stamps[2 * i] as bigint,
  stamps[2 * i + 1] as bigint,
  stamps[2 * i + 2] as bigint,
];
