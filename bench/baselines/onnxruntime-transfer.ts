import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { ElementType } from './onnx-model.js';
import { copyModel, type Data, firstElementModel, type NamedTensor } from './onnx-program.js';
import { copied, hostTensor, type Ort, runForOutput, sessionOptions } from './onnxruntime-session.js';

/**
 * Ways between host and GPU, by sessions that copy: `getData()` on a GPU tensor aborts the process. One session of each
 * kind and element type, made when it is first needed.
 */
export class Transfer {
  readonly ort: Ort;
  readonly #sessions = new Map<string, InferenceSession>();

  constructor(ort: Ort) {
    this.ort = ort;
  }

  /** A tensor on the GPU, or on the host where the provider can keep none of its type there. */
  async upload(tensor: NamedTensor): Promise<Tensor> {
    const host = hostTensor(this.ort, tensor);
    // "unsupported type int8 to create tensor from gpu buffer"; operators on it run on the CPU anyway.
    if (tensor.type === 'int8') return host;
    return runForOutput(await this.#session('upload', tensor.type ?? 'float32'), { x: host });
  }

  async download(tensor: Tensor): Promise<Data> {
    if (tensor.location === 'cpu') return copied(tensor);
    return copied(await runForOutput(await this.#session('download', tensor.type as ElementType), { x: tensor }));
  }

  /** Waits for the queue: reads a few bytes that depend on the tensor, and so on all that ran before. */
  async wait(tensor: Tensor): Promise<void> {
    if (tensor.location === 'cpu') return;
    await runForOutput(await this.#session('first', tensor.type as ElementType), { x: tensor });
  }

  async close(): Promise<void> {
    for (const session of this.#sessions.values()) await session.release();
    this.#sessions.clear();
  }

  async #session(kind: 'upload' | 'download' | 'first', type: ElementType): Promise<InferenceSession> {
    const key = `${kind} ${type}`;
    const known = this.#sessions.get(key);
    if (known) return known;
    const model = kind === 'first' ? firstElementModel(type) : copyModel(type);
    const session = await this.ort.InferenceSession.create(model, sessionOptions('webgpu', 1, kind === 'upload'));
    this.#sessions.set(key, session);
    return session;
  }
}
