import { availableParallelism } from 'node:os';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { type Baseline, BaselineUnavailable, type LoadedBaseline } from '../../harness/baseline.js';
import type { Reason } from '../../reports/schema.js';
import { firstLine } from './first-line.js';
import { copyModel, firstElementModel, type NamedTensor, type OnnxProgram } from './onnx-program.js';
import { chooseProgram, unsupported } from './onnxruntime-programs.js';
import {
  type Feeds,
  hostTensor,
  importOrt,
  type Ort,
  operatorsOnCpu,
  runForOutput,
  sessionOptions,
} from './onnxruntime-session.js';

const THREADS = availableParallelism();

/** What `open` made; asking before is a mistake of the caller. */
function opened<T>(state: T | null): T {
  if (state === null) throw new Error('baseline used before open()');
  return state;
}

/** ONNX Runtime on the CPU, all cores. One session serves every input set; the output is allocated once. */
class OnnxruntimeCpu implements Baseline {
  readonly id = 'onnxruntime/cpu';
  readonly unsupported = unsupported;
  #ort: Ort | null = null;

  async open(): Promise<string> {
    const { ort, version } = await importOrt('cpu');
    this.#ort = ort;
    return `onnxruntime ${version}, cpu, ${THREADS} thread${THREADS === 1 ? '' : 's'}`;
  }

  async load(...[kernel, shape, inputs]: Parameters<Baseline['load']>): Promise<LoadedBaseline> {
    const ort = opened(this.#ort);
    const { program } = await chooseProgram(ort, 'cpu', kernel, shape, null);
    const session = await ort.InferenceSession.create(program.model, sessionOptions('cpu', THREADS));
    const toFeeds = (tensors: readonly NamedTensor[]) =>
      Object.fromEntries(tensors.map((tensor) => [tensor.name, hostTensor(ort, tensor)]));
    const shared = toFeeds(program.shared);
    const feeds = inputs.map((input) => ({ ...shared, ...toFeeds(program.tensors(input)) }));
    const elements = program.outputDims.reduce((product, size) => product * size, 1);
    // NaN, so that an output that was never written cannot pass for a result.
    const result = new Float32Array(elements).fill(Number.NaN);
    const y = hostTensor(ort, { dims: program.outputDims, data: result });
    return {
      provenance: program.form,
      reasons: [],
      run: async (set) => {
        await session.run(feeds[set] as Feeds, { y });
      },
      finish: async () => {},
      output: async () => program.decode(Float32Array.from(result)),
      release: () => session.release(),
    };
  }

  async close(): Promise<void> {
    this.#ort = null;
  }
}

/** Ways between host and GPU that do not depend on the workload. Never `getData()` on a GPU tensor: it aborts the process. */
interface Transfer {
  readonly ort: Ort;
  readonly upload: InferenceSession;
  readonly download: InferenceSession;
  readonly firstElement: InferenceSession;
}

/** ONNX Runtime's WebGPU provider. Which adapter it takes is decided by the process's environment alone. */
class OnnxruntimeWebgpu implements Baseline {
  readonly id = 'onnxruntime/webgpu';
  readonly unsupported = unsupported;
  #transfer: Transfer | null = null;
  #software: boolean | null = null;

  async open({ software }: Parameters<Baseline['open']>[0]): Promise<string> {
    this.#software = software;
    const { ort, version } = await importOrt('webgpu');
    const session = (model: Uint8Array, keep: boolean) =>
      ort.InferenceSession.create(model, sessionOptions('webgpu', 1, keep));
    try {
      const upload = await session(copyModel(), true);
      const download = await session(copyModel(), false);
      this.#transfer = { ort, upload, download, firstElement: await session(firstElementModel(), false) };
      // The adapter may be asked for as late as the first run.
      const there = await runForOutput(upload, { x: hostTensor(ort, { dims: [1], data: Float32Array.of(1) }) });
      await runForOutput(this.#transfer.firstElement, { x: there });
      there.dispose();
    } catch (error) {
      throw new BaselineUnavailable(
        `ONNX Runtime's WebGPU provider cannot start: ${firstLine(error)}`,
        'install a Vulkan driver and loader for the card; `assay doctor` says which is missing',
      );
    }
    return `onnxruntime ${version}, webgpu`;
  }

  async load(...[kernel, shape, inputs]: Parameters<Baseline['load']>): Promise<LoadedBaseline> {
    const transfer = opened(this.#transfer);
    const { ort } = transfer;
    const { program, note } = await chooseProgram(ort, 'webgpu', kernel, shape, this.#software);
    const options = sessionOptions('webgpu', THREADS);
    const resident: Tensor[] = [];
    const upload = async (tensors: readonly NamedTensor[]) => {
      const feeds: Record<string, Tensor> = {};
      for (const tensor of tensors) {
        const there = await runForOutput(transfer.upload, { x: hostTensor(ort, tensor) });
        resident.push(there);
        feeds[tensor.name] = there;
      }
      return feeds;
    };
    try {
      const shared = await upload(program.shared);
      const feeds: Feeds[] = [];
      for (const input of inputs) feeds.push({ ...shared, ...(await upload(program.tensors(input))) });
      const strays = await operatorsOnCpu(ort, program.model, feeds[0] as Feeds, options);
      const session = await ort.InferenceSession.create(program.model, options);
      const provenance = note === null ? program.form : `${program.form} (${note})`;
      return webgpuSubject(transfer, program, session, feeds, resident, provenance, fallback(strays));
    } catch (error) {
      for (const tensor of resident) tensor.dispose();
      throw error;
    }
  }

  async close(): Promise<void> {
    const transfer = this.#transfer;
    this.#transfer = null;
    for (const session of [transfer?.upload, transfer?.download, transfer?.firstElement]) await session?.release();
  }
}

const fallback = (operators: readonly string[]): Reason[] =>
  operators.length === 0
    ? []
    : [{ code: 'silent-cpu-fallback', detail: `ONNX Runtime placed ${operators.join(', ')} on the CPU` }];

function webgpuSubject(
  transfer: Transfer,
  program: OnnxProgram,
  session: InferenceSession,
  feeds: readonly Feeds[],
  resident: readonly Tensor[],
  provenance: string,
  reasons: readonly Reason[],
): LoadedBaseline {
  let last: Tensor | null = null;
  const lastOutput = () => opened(last);
  return {
    provenance,
    reasons,
    run: async (set) => {
      // Every run allocates its output; kept, thousands of them would fill the card.
      last?.dispose();
      last = await runForOutput(session, feeds[set] as Feeds);
    },
    finish: async () => {
      // Reading four bytes that depend on the output waits for the queue, all earlier runs included.
      if (last !== null) await runForOutput(transfer.firstElement, { x: last });
    },
    output: async () => {
      const there = await runForOutput(transfer.download, { x: lastOutput() });
      return program.decode(Float32Array.from(there.data as Float32Array));
    },
    release: async () => {
      last?.dispose();
      last = null;
      for (const tensor of resident) tensor.dispose();
      await session.release();
    },
  };
}

export const onnxruntimeCpu: Baseline = new OnnxruntimeCpu();
export const onnxruntimeWebgpu: Baseline = new OnnxruntimeWebgpu();
