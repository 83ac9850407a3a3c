import type { Baseline, LoadedBaseline } from '../../harness/baseline.js';
import { ShapeError } from '../../kernels/errors.js';
import { programFor, type Tf, type TfTensor, unsupported } from './tensorflow-programs.js';

/** TensorFlow.js on a device: how it is started, filled and waited for. */
export interface TfPlace {
  readonly tf: Tf;
  /** Version and placement, in words. */
  readonly provenance: string;
  /** Most bytes of one tensor; null where the library has no limit of its own. */
  readonly mostBytes: number | null;
  /** Brings a tensor's values to the device now, not at its first use. */
  upload(tensor: TfTensor): void;
  /** Returns when everything started has finished; `last` is the newest output. @throws when the device refused work */
  finish(last: TfTensor): Promise<void>;
  /** Gives the device back. */
  close(): void;
}

/** TensorFlow.js: the same programs wherever it computes. */
export class TensorFlow implements Baseline {
  readonly id: string;
  readonly unsupported = unsupported;
  readonly #start: (options: Parameters<Baseline['open']>[0]) => Promise<TfPlace>;
  #place: TfPlace | null = null;

  constructor(id: string, start: (options: Parameters<Baseline['open']>[0]) => Promise<TfPlace>) {
    this.id = id;
    this.#start = start;
  }

  async open(options: Parameters<Baseline['open']>[0]): Promise<string> {
    this.#place = await this.#start(options);
    return this.#place.provenance;
  }

  async load(...[kernel, shape, inputs]: Parameters<Baseline['load']>): Promise<LoadedBaseline> {
    const place = this.#place;
    if (place === null) throw new Error('baseline used before open()');
    const { tf } = place;
    const program = programFor(kernel, shape);
    const bytes = 4 * program.largest;
    if (place.mostBytes !== null && bytes > place.mostBytes)
      throw new ShapeError(`TensorFlow.js needs a tensor of ${bytes} bytes, the device binds ${place.mostBytes}`);
    const resident: TfTensor[] = [];
    const make = (layout: typeof program.shared) =>
      Object.fromEntries(
        Object.entries(layout).map(([name, { dims, data }]) => {
          const tensor = tf.tensor(data, dims);
          resident.push(tensor);
          place.upload(tensor);
          return [name, tensor];
        }),
      );
    const shared = make(program.shared);
    const sets = inputs.map((input) => ({ ...shared, ...make(program.tensors(input)) }));
    let last: TfTensor | null = null;
    return {
      provenance: program.form,
      reasons: [],
      run: async (set) => {
        last?.dispose();
        last = program.compute(tf, sets[set] as (typeof sets)[number]);
      },
      finish: async () => {
        if (last !== null) await place.finish(last);
      },
      output: async () => {
        if (last === null) throw new Error('output asked for before anything ran');
        // A copy: TensorFlow.js keeps what it once read.
        return program.decode(Float32Array.from(await last.data()));
      },
      release: async () => {
        last?.dispose();
        last = null;
        for (const tensor of resident) tensor.dispose();
      },
    };
  }

  async close(): Promise<void> {
    this.#place?.close();
    this.#place = null;
  }
}
