import { type MessagePort, Worker } from 'node:worker_threads';

interface Pending {
  resolve(answers: unknown[]): void;
  reject(error: Error): void;
  readonly answers: unknown[];
  missing: number;
}

interface Answer {
  readonly id: number;
  readonly answer?: unknown;
  readonly error?: string;
}

/**
 * Threads that live as long as the pool and wait for messages in between, so that a call costs a message each way and
 * no start. A thread that throws or ends fails every call that waits and every later one: nothing ever hangs on it.
 */
export class ThreadPool {
  readonly #workers: readonly Worker[];
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  #failure: Error | null = null;

  /** @param script compiled module that calls `serveThread` */
  constructor(script: string, threads: number) {
    this.#workers = Array.from({ length: threads }, (_, i) => {
      const worker = new Worker(script);
      const name = `thread ${i + 1} of ${threads}`;
      worker.on('message', (message: Answer) => this.#receive(i, name, message));
      worker.on('messageerror', (error) => this.#fail(`${name}: ${error.message}`));
      worker.on('error', (error) => this.#fail(`${name}: ${error.message}`));
      worker.on('exit', (code) => this.#fail(`${name} ended with status ${code}`));
      return worker;
    });
  }

  get threads(): number {
    return this.#workers.length;
  }

  /** Why the pool can no longer be used; null while it can. */
  get failure(): Error | null {
    return this.#failure;
  }

  /** Gives every thread the same task. @returns their answers, in the order of the threads */
  call(task: object): Promise<unknown[]> {
    if (this.#failure) return Promise.reject(this.#failure);
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject, answers: [], missing: this.#workers.length });
      for (const worker of this.#workers) worker.postMessage({ id, task });
    });
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    this.#fail('the threads were closed');
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #receive(thread: number, name: string, { id, answer, error }: Answer): void {
    if (error !== undefined) this.#fail(`${name}: ${error}`);
    const pending = this.#pending.get(id);
    if (!pending) return;
    pending.answers[thread] = answer;
    pending.missing -= 1;
    if (pending.missing > 0) return;
    this.#pending.delete(id);
    pending.resolve(pending.answers);
  }

  #fail(message: string): void {
    this.#failure ??= new Error(message);
    for (const { reject } of this.#pending.values()) reject(this.#failure);
    this.#pending.clear();
  }
}

/** The thread's side: answers each task with what `perform` returns, or with what it threw. */
export function serveThread<Task>(port: MessagePort, perform: (task: Task) => unknown): void {
  port.on('message', ({ id, task }: { id: number; task: Task }) => {
    try {
      port.postMessage({ id, answer: perform(task) });
    } catch (error) {
      port.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
    }
  });
}
