import type { Calibration } from '../reports/schema.js';
import { median } from '../reports/statistics/index.js';
import type { Execution, Stamps } from './execution.js';
import { guarded, Recording } from './submit.js';
import { restfully } from './wait.js';

/** One timed batch: nanoseconds for the whole batch on each clock. */
export interface Sample {
  /** Null without timestamps, or when the stamps were unusable. */
  readonly gpuNs: number | null;
  /** Submission to completion as the host sees it. */
  readonly hostNs: number;
}

const now = () => Number(process.hrtime.bigint());

/** Index of the stamps: the marker pass's end, then the work's begin and end. */
const MARKER_END = 0;
const BEGIN = 1;
const END = 2;

/**
 * The device's clock, with the host's beside it. A GPU sample runs from the end of an empty marker pass
 * to the end of the work: on Vulkan a pass's begin stamp is taken at the top of the pipe and can lie
 * before the end of earlier work, an end stamp cannot.
 */
export class Clock {
  readonly #device: GPUDevice;
  readonly #spinMs: number;
  #stamps: { querySet: GPUQuerySet; resolve: GPUBuffer; read: GPUBuffer } | null;

  /** @param spinMs how long a sample may be awaited without rest, see `restfully` */
  constructor(device: GPUDevice, timestamps: boolean, spinMs: number) {
    this.#device = device;
    this.#spinMs = spinMs;
    this.#stamps = timestamps
      ? {
          querySet: device.createQuerySet({ type: 'timestamp', count: 3 }),
          resolve: device.createBuffer({ size: 24, usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC }),
          read: device.createBuffer({ size: 24, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST }),
        }
      : null;
  }

  get kind(): 'gpu' | 'host' {
    return this.#stamps ? 'gpu' : 'host';
  }

  /** Gives the device's clock up: its stamps are never written or never move. */
  useHost(): void {
    this.#stamps = null;
  }

  /** Times `count` executions as one submission, or as many as their plan wants. @throws {SubmissionError} when the device refused it */
  async sample(execution: Execution, count: number): Promise<Sample> {
    return this.#time((recording, stamps) => execution.encode(recording, count, stamps));
  }

  /** Times a pass that does nothing. */
  async empty(): Promise<Sample> {
    return this.#time(({ encoder }, stamps) => {
      const timestampWrites = stamps && {
        querySet: stamps.querySet,
        beginningOfPassWriteIndex: stamps.begin,
        endOfPassWriteIndex: stamps.end,
      };
      encoder.beginComputePass(timestampWrites ? { timestampWrites } : {}).end();
    });
  }

  async #time(work: (recording: Recording, stamps?: Stamps) => void): Promise<Sample> {
    const device = this.#device;
    const stamps = this.#stamps;
    let hostNs = 0;
    await guarded(device, 'a timed submission', async () => {
      // Encoding is part of what a caller waits for, as it is part of a baseline's run.
      const start = now();
      const recording = new Recording(device);
      if (stamps) {
        const { querySet } = stamps;
        recording.encoder.beginComputePass({ timestampWrites: { querySet, endOfPassWriteIndex: MARKER_END } }).end();
        work(recording, { querySet, begin: BEGIN, end: END });
        const { encoder } = recording;
        encoder.resolveQuerySet(querySet, 0, 3, stamps.resolve, 0);
        encoder.copyBufferToBuffer(stamps.resolve, 0, stamps.read, 0, 24);
      } else work(recording);
      recording.submit();
      await restfully(device.queue.onSubmittedWorkDone(), this.#spinMs);
      hostNs = now() - start;
    });
    if (!stamps) return { gpuNs: null, hostNs };
    await stamps.read.mapAsync(GPUMapMode.READ);
    const [marker, begin, end] = new BigUint64Array(stamps.read.getMappedRange().slice(0)) as unknown as [
      bigint,
      bigint,
      bigint,
    ];
    stamps.read.unmap();
    return { gpuNs: duration(marker, begin, end), hostNs };
  }
}

/** Nanoseconds between stamps, null when a stamp was never written or the clock ran backwards. */
export function duration(marker: bigint, begin: bigint, end: bigint): number | null {
  if (end === 0n || begin === 0n) return null;
  // A marker stamp of zero means that the driver stamps no empty pass: the work's own begin must do.
  const from = marker === 0n ? begin : marker;
  return end >= from ? Number(end - from) : null;
}

/** Measures the clock itself: smallest positive step, overhead of an empty pass and an empty submission. */
export async function calibrate(clock: Clock): Promise<Calibration> {
  const gpu: number[] = [];
  const host: number[] = [];
  for (let i = 0; i < 30; i++) {
    const { gpuNs, hostNs } = await clock.empty();
    if (gpuNs !== null) gpu.push(gpuNs);
    host.push(hostNs);
  }
  // Some drivers offer timestamps and write none: then the host's clock is the honest one.
  if (clock.kind === 'gpu' && gpu.filter((ns) => ns > 0).length < host.length / 2) clock.useHost();
  const durations = clock.kind === 'gpu' ? gpu : host;
  const resolutionNs = smallestStep(durations);
  return {
    clock: clock.kind,
    resolutionNs,
    overheadNs: durations.length > 0 ? median(durations) : 0,
    hostOverheadNs: median(host),
    // Dawn's timestamp quantisation masks the lower sixteen bits.
    quantised: clock.kind === 'gpu' && durations.some((d) => d > 0) && durations.every((d) => d % 65536 === 0),
  };
}

/** Smallest positive difference between any two of the durations or from zero; 1 when all are equal and zero. */
export function smallestStep(durations: readonly number[]): number {
  const sorted = [...new Set([0, ...durations])].sort((a, b) => a - b);
  let step = Number.POSITIVE_INFINITY;
  for (let i = 1; i < sorted.length; i++) step = Math.min(step, (sorted[i] as number) - (sorted[i - 1] as number));
  return Number.isFinite(step) ? step : 1;
}
