import { availableParallelism } from 'node:os';
import type { InferenceSession } from 'onnxruntime-node';
import type { Baseline, LoadedBaseline } from '../../harness/baseline.js';
import type { NamedTensor } from './onnx-program.js';
import { choosePrograms, unsupported } from './onnxruntime-programs.js';
import { type Feeds, hostTensor, importOrt, type Ort, sessionOptions, unwritten } from './onnxruntime-session.js';

export const THREADS = availableParallelism();

/** What `open` made; asking before is a mistake of the caller. */
export function opened<T>(state: T | null): T {
  if (state === null) throw new Error('baseline used before open()');
  return state;
}

/** ONNX Runtime on the CPU, all cores. Outputs are allocated once. */
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
    const { programs } = await choosePrograms(ort, 'cpu', kernel, shape, null);
    const program = programs[0];
    const toFeeds = (tensors: readonly NamedTensor[]) =>
      Object.fromEntries(tensors.map((tensor) => [tensor.name, hostTensor(ort, tensor)]));
    const shared = toFeeds(program.shared);
    const sessions: InferenceSession[] = [];
    const sets: { session: InferenceSession; feeds: Feeds }[] = [];
    for (const input of inputs) {
      if (program.perInput || sessions.length === 0)
        sessions.push(await ort.InferenceSession.create(program.model(input), sessionOptions('cpu', THREADS)));
      const session = sessions.at(-1) as InferenceSession;
      sets.push({ session, feeds: { ...shared, ...toFeeds(program.tensors(input)) } });
    }
    const results = program.outputs.map(({ name, type, dims }) => {
      const data = unwritten(
        type,
        dims.reduce((product, size) => product * size, 1),
      );
      return { name, data, tensor: hostTensor(ort, { type, dims, data }) };
    });
    const fetches = Object.fromEntries(results.map(({ name, tensor }) => [name, tensor]));
    return {
      provenance: program.form,
      reasons: [],
      run: async (set) => {
        const { session, feeds } = sets[set] as (typeof sets)[number];
        await session.run(feeds, fetches);
      },
      finish: async () => {},
      output: async () => program.decode(Object.fromEntries(results.map(({ name, data }) => [name, data.slice()]))),
      release: async () => {
        for (const session of sessions) await session.release();
      },
    };
  }

  async close(): Promise<void> {
    this.#ort = null;
  }
}

export const onnxruntimeCpu: Baseline = new OnnxruntimeCpu();
