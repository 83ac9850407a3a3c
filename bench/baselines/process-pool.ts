import { type ChildProcess, fork } from 'node:child_process';

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

/** What a process said last, to tell why it ended. */
const KEPT_OUTPUT = 4000;

/**
 * Processes that live as long as the pool and wait for messages in between, so that a call costs a message each way and
 * no start. One that throws or ends fails every call that waits and every later one: nothing ever hangs on it.
 */
export class ProcessPool {
  readonly #children: readonly ChildProcess[];
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  #failure: Error | null = null;

  /** @param script compiled module that calls `serveTasks` */
  constructor(script: string, size: number) {
    this.#children = Array.from({ length: size }, (_, i) => {
      const child = fork(script, [], {
        execArgv: [],
        serialization: 'advanced',
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      });
      const name = `process ${i + 1} of ${size}`;
      let said = '';
      child.stderr?.on('data', (data: Buffer) => {
        said = (said + data.toString()).slice(-KEPT_OUTPUT);
      });
      child.on('message', (message) => this.#receive(i, name, message as Answer));
      child.on('error', (error) => this.#fail(`${name}: ${error.message}`));
      child.on('close', (code, signal) => {
        const how = signal ? `${name} was killed by ${signal}` : `${name} ended with status ${code}`;
        const why = /^\S*Error\b.*/m.exec(said)?.[0];
        this.#fail(why ? `${how}: ${why}` : how);
      });
      return child;
    });
  }

  get size(): number {
    return this.#children.length;
  }

  /** Why the pool can no longer be used; null while it can. */
  get failure(): Error | null {
    return this.#failure;
  }

  /**
   * Gives process i what `task` makes for it.
   * @returns their answers, in the order of the processes
   */
  call(task: (i: number) => object): Promise<unknown[]> {
    if (this.#failure) return Promise.reject(this.#failure);
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject, answers: [], missing: this.size });
      for (const [i, child] of this.#children.entries())
        child.send({ id, task: task(i) }, (error) => {
          if (error) this.#fail(`process ${i + 1} of ${this.size}: ${error.message}`);
        });
    });
  }

  /** Ends the processes. */
  async close(): Promise<void> {
    this.#fail('the processes were closed');
    const running = this.#children.filter((c) => c.pid !== undefined && c.exitCode === null && c.signalCode === null);
    await Promise.all(
      running.map((child) => {
        const ended = new Promise((resolve) => child.once('exit', resolve));
        child.kill('SIGKILL');
        return ended;
      }),
    );
  }

  #receive(index: number, name: string, { id, answer, error }: Answer): void {
    if (error !== undefined) this.#fail(`${name}: ${error}`);
    const pending = this.#pending.get(id);
    if (!pending) return;
    pending.answers[index] = answer;
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

/** The process's side: answers each task with what `perform` returns, or with what it threw. */
export function serveTasks<Task>(perform: (task: Task) => unknown): void {
  // An owner that was killed takes its pool with it, whether that is noticed between two tasks or at an answer.
  const leave = () => process.exit(0);
  const answer = (message: Answer) => process.send?.(message, (error: Error | null) => error && leave());
  process.on('message', ({ id, task }: { id: number; task: Task }) => {
    try {
      answer({ id, answer: perform(task) });
    } catch (error) {
      answer({ id, error: error instanceof Error ? error.message : String(error) });
    }
  });
  process.on('disconnect', leave);
  // The terminal sends Ctrl-C to every process of the group; whoever owns the pool decides what happens then.
  process.on('SIGINT', () => {});
}
