import { type ChildProcess, fork } from 'node:child_process';
import { setTimeout as setTimeoutPromise } from 'node:timers/promises';
import { type Answer, DEVICE_LOST_EXIT, type Method, methods, type Params, response } from './protocol.js';

/** The process is gone: it crashed, was killed, lost its device, or was killed because it hung. */
export class ProcessGone extends Error {
  override name = 'ProcessGone';
  readonly how: 'worker-died' | 'worker-hung' | 'device-lost';
  constructor(how: ProcessGone['how'], message: string) {
    super(message);
    this.how = how;
  }
}

/** An exception inside the process, with its name so that callers can tell one kind from another. */
export class RemoteError extends Error {
  readonly remedy: string | null;
  readonly remoteStack: string;
  constructor(name: string, message: string, stack = '', remedy: string | null = null) {
    super(message);
    this.name = name;
    this.remoteStack = stack;
    this.remedy = remedy;
  }
}

interface Pending {
  method: Method | 'close';
  resolve(result: unknown): void;
  reject(error: Error): void;
  timer: NodeJS.Timeout;
}

/** A killed process is gone within milliseconds, unless it hangs in the kernel. */
const KILL_PATIENCE_MS = 5000;
/** Dawn says this of every software adapter; it explains no death. */
const DAWN_NOISE = /^Warning: maxDynamic\w+PerPipelineLayout artificially reduced.*$\n?/gm;
/** What the process printed last, for the message when it dies. */
const KEPT_OUTPUT = 4000;

/** The parent's side of a contestant: a child process that answers the protocol's methods. */
export class ContestantProcess {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  #output = '';
  #gone: ProcessGone | null = null;

  /**
   * @param script compiled module that calls `serveContestant`
   * @param env merged over this process's environment
   */
  constructor(name: string, script: string, args: readonly string[], env: Readonly<Record<string, string>>) {
    this.name = name;
    this.#child = fork(script, [...args], {
      env: { ...process.env, ...env },
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', (data: Buffer) => {
        this.#output = (this.#output + data.toString()).slice(-KEPT_OUTPUT);
      });
    this.#child.on('message', (message) => this.#receive(message));
    this.#child.on('error', (error) => this.#die(new ProcessGone('worker-died', `${name}: ${error.message}`)));
    this.#child.on('close', (code, signal) => this.#die(this.#epitaph(code, signal)));
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get gone(): ProcessGone | null {
    return this.#gone;
  }

  /**
   * @param timeoutMs after this the process is killed as hung
   * @throws {RemoteError} what the process threw
   * @throws {ProcessGone}
   */
  async call<M extends Method>(method: M, params: Params<M>, timeoutMs: number): Promise<Answer<M>> {
    const result = await this.#send(method, methods[method].params.parse(params), timeoutMs);
    return methods[method].result.parse(result) as Answer<M>;
  }

  /** Asks the process to end, and ends it when it doesn't. Never throws: there is nothing left to lose. */
  async close(timeoutMs = 5000): Promise<void> {
    if (this.#gone) return;
    const ended = new Promise<void>((resolve) => this.#child.once('close', () => resolve()));
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), timeoutMs);
    // Whether the answer comes before the end or not, the end is what is waited for.
    this.#send('close', {}, timeoutMs * 2).catch(() => {});
    await ended;
    clearTimeout(timer);
    this.#gone = new ProcessGone('worker-died', `${this.name} was closed`);
  }

  /** Ends the process now. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => this.#child.once('close', () => resolve()));
    this.#child.kill('SIGKILL');
    // A process stuck inside a driver cannot be killed; it must not keep us from ending.
    await Promise.race([ended, setTimeoutPromise(KILL_PATIENCE_MS, undefined, { ref: false })]);
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.disconnect?.();
      this.#child.unref();
    }
  }

  #send(method: Method | 'close', params: unknown, timeoutMs: number): Promise<unknown> {
    if (this.#gone) return Promise.reject(this.#gone);
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#die(
          new ProcessGone('worker-hung', `${this.name} did not answer "${method}" within ${timeoutMs / 1000} s`),
        );
        this.#child.kill('SIGKILL');
      }, timeoutMs);
      this.#pending.set(id, { method, resolve, reject, timer });
      const unsent = (error: Error) =>
        this.#settle(id, (p) => p.reject(new ProcessGone('worker-died', `${this.name}: ${error.message}`)));
      try {
        this.#child.send({ id, method, params }, (error) => {
          if (error) unsent(error);
        });
      } catch (error) {
        unsent(error as Error);
      }
    });
  }

  #receive(message: unknown): void {
    const { id, result, error } = response.parse(message);
    this.#settle(id, (pending) => {
      if (error) pending.reject(new RemoteError(error.name, error.message, error.stack, error.remedy ?? null));
      else pending.resolve(result);
    });
  }

  #settle(id: number, how: (pending: Pending) => void): void {
    const pending = this.#pending.get(id);
    if (!pending) return;
    this.#pending.delete(id);
    clearTimeout(pending.timer);
    how(pending);
  }

  #die(gone: ProcessGone): void {
    this.#gone ??= gone;
    for (const [id] of [...this.#pending]) this.#settle(id, (p) => p.reject(this.#gone as ProcessGone));
  }

  #epitaph(code: number | null, signal: NodeJS.Signals | null): ProcessGone {
    const said = this.#output.replaceAll(DAWN_NOISE, '').trim();
    const words = said ? `; it last printed:\n${said}` : '';
    if (code === DEVICE_LOST_EXIT) return new ProcessGone('device-lost', `${this.name}: the device was lost${words}`);
    const how = signal ? `was killed by ${signal}` : `exited with status ${code}`;
    return new ProcessGone('worker-died', `${this.name} ${how}${words}`);
  }
}
