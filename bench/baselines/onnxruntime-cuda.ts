import type { InferenceSession } from 'onnxruntime-node';
import type { Baseline, LoadedBaseline } from '../../harness/baseline.js';
import { checkCudaDevice, nvidiaModels, withoutTf32 } from './cuda-device.js';
import { fastest } from './fastest.js';
import type { OnnxProgram } from './onnx-program.js';
import { opened } from './onnxruntime.js';
import { choosePrograms, unsupported } from './onnxruntime-programs.js';
import { copied, importOrt, type Ort, operatorsOnCpu, type Provider, sessionOptions } from './onnxruntime-session.js';

/**
 * ONNX Runtime's CUDA provider. From Node no tensor can be handed to it that lies on the card already, so every input
 * set is a model of its own whose tensors are all constants, which are copied once. Graph optimisation is off, else the
 * result would be computed while loading. A timed run fetches the result's first element only, so that what crosses the
 * bus is a few bytes; the whole result is fetched for verification.
 *
 * TensorRT is no baseline: it would fold such constants by itself, and with inputs from the host it would measure the bus.
 */
export class OnnxruntimeConstants implements Baseline {
  readonly id: string;
  readonly unsupported = unsupported;
  readonly #provider: Provider;
  #ort: Ort | null = null;
  #software: boolean | null = null;

  constructor(id: string, provider: Provider) {
    this.id = id;
    this.#provider = provider;
  }

  async open({ deviceName, software }: Parameters<Baseline['open']>[0]): Promise<string> {
    const onCuda = this.#provider === 'cuda';
    if (onCuda) withoutTf32();
    const { ort, version } = await importOrt(this.#provider);
    if (onCuda) checkCudaDevice(deviceName, nvidiaModels(), process.env.CUDA_VISIBLE_DEVICES);
    this.#ort = ort;
    this.#software = software;
    return `onnxruntime ${version}, ${this.#provider}${onCuda ? ', TF32 off' : ''}`;
  }

  async load(...[kernel, shape, inputs]: Parameters<Baseline['load']>): Promise<LoadedBaseline> {
    const ort = opened(this.#ort);
    const { programs, note } = await choosePrograms(ort, this.#provider, kernel, shape, this.#software);
    const tried = await fastest(programs, (program) => resident(ort, this.#provider, program, inputs.slice(0, 1)));
    const loaded = await resident(ort, this.#provider, tried.chosen, inputs);
    const notes = [tried.note, note].filter((words) => words !== null);
    const provenance = notes.length > 0 ? `${loaded.provenance} (${notes.join('; ')})` : loaded.provenance;
    return { ...loaded, provenance };
  }

  async close(): Promise<void> {
    this.#ort = null;
  }
}

async function resident(
  ort: Ort,
  provider: Provider,
  program: OnnxProgram,
  inputs: readonly unknown[],
): Promise<LoadedBaseline> {
  const options = { ...sessionOptions(provider, 1, false), graphOptimizationLevel: 'disabled' as const };
  const sessions: InferenceSession[] = [];
  const release = async () => {
    for (const session of sessions) await session.release();
  };
  try {
    for (const input of inputs) sessions.push(await ort.InferenceSession.create(program.constantModel(input), options));
    const strays = await operatorsOnCpu(ort, program.constantModel(inputs[0]), {}, options);
    let last = 0;
    return {
      provenance: program.form,
      reasons:
        strays.length === 0
          ? []
          : [{ code: 'silent-cpu-fallback', detail: `ONNX Runtime placed ${strays.join(', ')} on the CPU` }],
      run: async (set) => {
        last = set;
        // Returns when the element has arrived, and so when all that it depends on is done.
        await (sessions[set] as InferenceSession).run({}, ['first']);
      },
      finish: async () => {},
      output: async () => {
        const names = program.outputs.map(({ name }) => name);
        const results = await (sessions[last] as InferenceSession).run({}, names);
        return program.decode(Object.fromEntries(names.map((name) => [name, copied(opened(results[name] ?? null))])));
      },
      release,
    };
  } catch (error) {
    await release();
    throw error;
  }
}

export const onnxruntimeCuda: Baseline = new OnnxruntimeConstants('onnxruntime/cuda', 'cuda');
