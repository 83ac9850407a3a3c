import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { type Baseline, BaselineUnavailable, type LoadedBaseline } from '../../harness/baseline.js';
import type { Reason } from '../../reports/schema.js';
import { fastest } from './fastest.js';
import { firstLine } from './first-line.js';
import type { Data, NamedTensor, OnnxProgram } from './onnx-program.js';
import { opened, THREADS } from './onnxruntime.js';
import { choosePrograms, unsupported } from './onnxruntime-programs.js';
import { type Feeds, importOrt, operatorsOnCpu, sessionOptions } from './onnxruntime-session.js';
import { Transfer } from './onnxruntime-transfer.js';

const OPTIONS = sessionOptions('webgpu', THREADS);

/** ONNX Runtime's WebGPU provider. Which adapter it takes is decided by the process's environment alone. */
class OnnxruntimeWebgpu implements Baseline {
  readonly id = 'onnxruntime/webgpu';
  readonly unsupported = unsupported;
  #transfer: Transfer | null = null;
  #software: boolean | null = null;

  async open({ software }: Parameters<Baseline['open']>[0]): Promise<string> {
    this.#software = software;
    const { ort, version } = await importOrt('webgpu');
    const transfer = new Transfer(ort);
    try {
      // The adapter may be asked for as late as the first run.
      const there = await transfer.upload({ name: 'x', dims: [1], data: Float32Array.of(1) });
      await transfer.wait(there);
      there.dispose();
    } catch (error) {
      throw new BaselineUnavailable(
        `ONNX Runtime's WebGPU provider cannot start: ${firstLine(error)}`,
        'install a Vulkan driver and loader for the card; `assay doctor` says which is missing',
      );
    }
    this.#transfer = transfer;
    return `onnxruntime ${version}, webgpu`;
  }

  async load(...[kernel, shape, inputs]: Parameters<Baseline['load']>): Promise<LoadedBaseline> {
    const transfer = opened(this.#transfer);
    const { programs, note } = await choosePrograms(transfer.ort, 'webgpu', kernel, shape, this.#software);
    const tried = await fastest(programs, (program) => resident(transfer, program, inputs.slice(0, 1), null));
    const notes = [tried.note, note].filter((words) => words !== null);
    return resident(transfer, tried.chosen, inputs, notes.length > 0 ? notes.join('; ') : null);
  }

  async close(): Promise<void> {
    const transfer = this.#transfer;
    this.#transfer = null;
    await transfer?.close();
  }
}

/** A program with its inputs on the GPU. */
async function resident(
  transfer: Transfer,
  program: OnnxProgram,
  inputs: readonly unknown[],
  note: string | null,
): Promise<LoadedBaseline> {
  const { ort } = transfer;
  const tensors: Tensor[] = [];
  const upload = async (specs: readonly NamedTensor[]) => {
    const feeds: Record<string, Tensor> = {};
    for (const spec of specs) {
      const there = await transfer.upload(spec);
      tensors.push(there);
      feeds[spec.name] = there;
    }
    return feeds;
  };
  try {
    if (program.perInput) throw new Error(`${program.form}: weights are inputs on the GPU, not constants`);
    const shared = await upload(program.shared);
    const feeds: Feeds[] = [];
    for (const input of inputs) feeds.push({ ...shared, ...(await upload(program.tensors(input))) });
    const model = program.model(inputs[0]);
    const strays = await operatorsOnCpu(ort, model, feeds[0] as Feeds, OPTIONS);
    const session = await ort.InferenceSession.create(model, OPTIONS);
    const provenance = note === null ? program.form : `${program.form} (${note})`;
    return subject(transfer, program, session, feeds, tensors, provenance, fallback(strays));
  } catch (error) {
    for (const tensor of tensors) tensor.dispose();
    throw error;
  }
}

const fallback = (operators: readonly string[]): Reason[] =>
  operators.length === 0
    ? []
    : [{ code: 'silent-cpu-fallback', detail: `ONNX Runtime placed ${operators.join(', ')} on the CPU` }];

function subject(
  transfer: Transfer,
  program: OnnxProgram,
  session: InferenceSession,
  feeds: readonly Feeds[],
  resident: readonly Tensor[],
  provenance: string,
  reasons: readonly Reason[],
): LoadedBaseline {
  let last: Feeds | null = null;
  const dispose = () => {
    for (const tensor of Object.values(last ?? {})) tensor.dispose();
    last = null;
  };
  return {
    provenance,
    reasons,
    run: async (set) => {
      // Every run allocates its outputs; kept, thousands of them would fill the card.
      dispose();
      last = await session.run(feeds[set] as Feeds);
    },
    finish: async () => {
      if (last !== null) await transfer.wait(last.y as Tensor);
    },
    output: async () => {
      const results = opened(last);
      const read: Record<string, Data> = {};
      for (const { name } of program.outputs) read[name] = await transfer.download(results[name] as Tensor);
      return program.decode(read);
    },
    release: async () => {
      dispose();
      for (const tensor of resident) tensor.dispose();
      await session.release();
    },
  };
}

export const onnxruntimeWebgpu: Baseline = new OnnxruntimeWebgpu();
