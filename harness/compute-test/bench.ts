import {
  CAPACITY,
  compareProgram,
  disturbProgram,
  LOG_HEAD_WORDS,
  RECORD_WORDS,
} from '../../kernels/compute-test/programs.js';
import type { Dispatch } from '../../kernels/declaration.js';
import type { OpenDevice } from '../device.js';
import { bindGroup, encodeDispatch } from '../dispatch.js';
import { Execution } from '../execution.js';
import type { Disturbance } from '../faults/compute-faults.js';
import type { Compiled, PipelineCache } from '../pipelines.js';
import type { ResidentCache } from '../residents.js';
import { guarded, Recording } from '../submit.js';
import { restfully } from '../wait.js';
import type { Job } from './jobs.js';
import { judge } from './judge.js';

/** The device's own comparison does not see what was planted, or sees what is not there. */
export class BlindComparisonError extends Error {
  override name = 'BlindComparisonError';
}

export interface Found {
  readonly index: number;
  readonly expected: number;
  readonly got: number;
  readonly nan: boolean;
}
export interface Looked {
  /** Words that the device says it compared, of all executions. */
  readonly compared: number;
  readonly wrong: number;
  readonly nans: number;
  /** Of those, the ones that were listed. */
  readonly found: readonly Found[];
}

export type ComputeCard = OpenDevice & { readonly pipelines: PipelineCache; readonly residents: ResidentCache };

/** Words of the last output that the host looks at itself. */
const SAMPLE_WORDS = 1024;
const LOG_BYTES = 4 * (LOG_HEAD_WORDS + RECORD_WORDS * CAPACITY);

/** A job on the device: executed, disturbed where a fault is rehearsed, and compared, all in one submission. */
export class JobBench {
  readonly job: Job;
  readonly #gpu: GPUDevice;
  readonly #execution: Execution;
  readonly #buffers: Readonly<Record<'expected' | 'log' | 'place' | 'staging', GPUBuffer>>;
  readonly #bounds: GPUBuffer | null;
  readonly #compare: Step;
  readonly #disturb: Step;

  private constructor(gpu: GPUDevice, job: Job, execution: Execution, steps: { compare: Prepared; disturb: Prepared }) {
    this.#gpu = gpu;
    this.job = job;
    this.#execution = execution;
    const { STORAGE, COPY_DST, COPY_SRC, MAP_READ } = GPUBufferUsage;
    const make = (label: string, size: number, usage: number) => gpu.createBuffer({ label, size, usage });
    const filled = (label: string, data: Uint32Array | Float32Array) => {
      const buffer = make(label, data.byteLength, STORAGE | COPY_DST);
      gpu.queue.writeBuffer(buffer, 0, data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
      return buffer;
    };
    this.#buffers = {
      expected: filled('expected', job.expected),
      log: make('log', LOG_BYTES, STORAGE | COPY_SRC | COPY_DST),
      place: make('place', 16, STORAGE | COPY_DST),
      staging: make('staging', LOG_BYTES + 4 * SAMPLE_WORDS, MAP_READ | COPY_DST),
    };
    this.#bounds = job.bounds && filled('bounds', job.bounds);
    const { output } = this;
    const bounds = this.#bounds ? { bounds: this.#bounds } : {};
    this.#compare = bound(gpu, steps.compare, { ...this.#buffers, ...bounds, got: output });
    this.#disturb = bound(gpu, steps.disturb, { ...this.#buffers, words: output });
  }

  /** @throws {OutOfMemoryError | ShaderError | BlindComparisonError} with nothing left allocated */
  static async open(card: ComputeCard, job: Job): Promise<JobBench> {
    const { gpu, pipelines, residents, limits } = card;
    const words = job.expected.length;
    const limit = limits.maxComputeWorkgroupsPerDimension;
    const both = [compareProgram(job.comparison, words, limit), disturbProgram(words, limit)] as const;
    const { dispatches } = await pipelines.compile({ buffers: [], dispatches: both });
    const execution = await Execution.create(gpu, job.plan, await pipelines.compile(job.plan), residents);
    let bench: JobBench | null = null;
    try {
      await execution.addSet(job.contents);
      const [compare, disturb] = both.map((dispatch, i) => ({ dispatch, compiled: dispatches[i] as Compiled }));
      bench = await guarded(gpu, 'preparing the compute test', () => {
        return new JobBench(gpu, job, execution, { compare: compare as Prepared, disturb: disturb as Prepared });
      });
      // A driver may compile as late as the first execution, which would pass for a slow one.
      await execution.once();
      await bench.#selfCheck();
      return bench;
    } catch (error) {
      if (bench) bench.release();
      else execution.release();
      throw error;
    }
  }

  get output(): GPUBuffer {
    const { gpu, plan } = this.#execution.own(this.job.output);
    if (plan.byteLength !== 4 * this.job.expected.length)
      throw new Error(
        `${this.job.output} holds ${plan.byteLength} bytes, ${4 * this.job.expected.length} are expected`,
      );
    return gpu;
  }

  /** Executes and compares so many times. @param sampleAt from which word on the host looks itself */
  async burst(executions: number, disturbance: Disturbance | null, sampleAt: number): Promise<Looked> {
    return this.#looked(sampleAt, (recording) => {
      if (disturbance) this.#place(disturbance);
      for (let i = 0; i < executions; i++) {
        // A dispatch that does nothing must not pass with what the last one left.
        recording.encoder.clearBuffer(this.output, 0, 4 * this.job.expected.length);
        this.#execution.encode(recording, 1);
        if (disturbance && (disturbance.execution ?? i) === i) this.#encode(recording, this.#disturb);
        this.#encode(recording, this.#compare);
      }
    });
  }

  release(): void {
    this.#execution.release();
    for (const buffer of Object.values(this.#buffers)) buffer.destroy();
    this.#bounds?.destroy();
  }

  #place({ period, index, keep, flip }: Disturbance): void {
    this.#gpu.queue.writeBuffer(this.#buffers.place, 0, Uint32Array.of(period, index, keep, flip));
  }

  #encode({ encoder }: Recording, { dispatch, compiled, group }: Step): void {
    const pass = encoder.beginComputePass();
    encodeDispatch(pass, dispatch, compiled, group, {});
    pass.end();
  }

  async #looked(sampleAt: number, encode: (recording: Recording) => void): Promise<Looked> {
    const { log, staging } = this.#buffers;
    const words = Math.min(SAMPLE_WORDS, this.job.expected.length - sampleAt);
    const data = await guarded(this.#gpu, 'the compute test', async () => {
      const recording = new Recording(this.#gpu);
      recording.encoder.clearBuffer(log);
      encode(recording);
      const { encoder } = recording;
      encoder.copyBufferToBuffer(log, 0, staging, 0, LOG_BYTES);
      encoder.copyBufferToBuffer(this.output, 4 * sampleAt, staging, LOG_BYTES, 4 * words);
      recording.submit();
      await restfully(staging.mapAsync(GPUMapMode.READ));
      const copy = new Uint32Array(staging.getMappedRange().slice(0));
      staging.unmap();
      return copy;
    });
    return this.#read(data, sampleAt, words);
  }

  #read(data: Uint32Array, sampleAt: number, words: number): Looked {
    const [compared, wrong, nans, listed] = data as unknown as [number, number, number, number];
    const found = Array.from({ length: Math.min(listed, CAPACITY) }, (_, i): Found => {
      const at = LOG_HEAD_WORDS + RECORD_WORDS * i;
      const [index, expected, got, verdict] = data.subarray(at, at + 4) as unknown as [number, number, number, number];
      return { index, expected, got, nan: verdict === 2 };
    });
    // What the device's comparison let through, the host's own look finds.
    const own: Found[] = [];
    const sample = data.subarray(LOG_BYTES / 4, LOG_BYTES / 4 + words);
    for (const [i, got] of sample.entries()) {
      const index = sampleAt + i;
      const verdict = judge(this.job, index, got);
      if (verdict !== 'right')
        own.push({ index, expected: this.job.expected[index] as number, got, nan: verdict === 'nan' });
    }
    const missed = listed > 0 ? [] : own;
    const missedNans = missed.filter(({ nan }) => nan).length;
    return { compared, wrong: wrong + missed.length, nans: nans + missedNans, found: [...found, ...missed] };
  }

  /** The comparison is on the card that is on trial: it must find what is planted, and nothing in what is right. */
  async #selfCheck(): Promise<void> {
    const { expected, comparison } = this.job;
    // The largest there are: no bound of any element hides them.
    const large = { exact: null, floats: 0x7f000000, halves: 0x7bff7bff }[comparison];
    const nan = { exact: null, floats: 0x7fc00000, halves: 0x7e000000 }[comparison];
    const last = expected.length - 1;
    const places = [0, Math.floor(last / 3), last];
    const planted = expected.slice();
    for (const at of places) planted[at] = large ?? ((expected[at] as number) ^ 1) >>> 0;
    if (nan !== null) planted[last] = nan;
    const look = (words: Uint32Array) => {
      this.#gpu.queue.writeBuffer(this.output, 0, words.buffer as ArrayBuffer, words.byteOffset, words.byteLength);
      return this.#looked(0, (recording) => this.#encode(recording, this.#compare));
    };
    const right = await look(expected);
    if (right.wrong > 0 || right.compared !== expected.length)
      throw new BlindComparisonError(
        `of ${expected.length} right words ${right.compared} were compared and ${right.wrong} called wrong`,
      );
    const seen = await look(planted);
    const at = seen.found.map(({ index }) => index).sort((a, b) => a - b);
    const nans = nan === null ? 0 : 1;
    if (seen.wrong !== places.length || seen.nans !== nans || at.join() !== [...new Set(places)].join())
      throw new BlindComparisonError(
        `errors were planted at words ${places.join(', ')}, seen at ${at.join(', ') || 'none'}`,
      );
  }
}

interface Prepared {
  readonly dispatch: Dispatch;
  readonly compiled: Compiled;
}
interface Step extends Prepared {
  readonly group: GPUBindGroup;
}

function bound(gpu: GPUDevice, { dispatch, compiled }: Prepared, named: Readonly<Record<string, GPUBuffer>>): Step {
  const buffers = Object.entries(named).map(([name, buffer]) => ({
    plan: { name, role: 'scratch' as const, byteLength: buffer.size },
    gpu: buffer,
  }));
  return { dispatch, compiled, group: bindGroup(gpu, dispatch, compiled, buffers) };
}
