import { closeSync, existsSync, fstatSync, openSync, type Stats, statSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { unknownName } from '../harness/suggest.js';
import { InputError } from '../kernels/errors.js';
import { explainIoError } from '../reports/io-errors.js';
import type { Result } from '../reports/schema.js';
import { StoreError } from '../reports/store.js';

/** One way to write down what a command has found; an `Exporter` is one for results. */
export interface Renderer<T> {
  readonly name: string;
  render(found: T): string;
}

/** A format at a place, as `--json FILE` or `--format NAME[:FILE]` asked for it. */
export interface Output<T = Result> {
  /** As it was given, for messages. */
  readonly asked: string;
  readonly renderer: Renderer<T>;
  /** A file, or `-` for standard output. */
  readonly target: string;
}

type Asked = Pick<Output, 'asked' | 'target'>;

const STANDARD_OUTPUT = '-';

/** The formats of a result, loaded only where one is asked for: the page's renderer is among them. */
export const resultFormats = async (): Promise<ReadonlyMap<string, Renderer<Result>>> =>
  (await import('../reports/formats/index.js')).exporters;

/**
 * What a command is to write, for every command that has something to write. A file is whatever follows the first
 * colon; without one, or for `-`, it is standard output. Two may not go to the same place. Nothing is touched yet.
 * @throws {InputError} naming the option, and the near format where there is one
 */
export async function parseOutputs<T>(
  json: string | undefined,
  formats: readonly string[],
  load: () => Promise<ReadonlyMap<string, Renderer<T>>>,
): Promise<Output<T>[]> {
  const outputs: Output<T>[] = jsonOutput(json);
  const known = formats.length > 0 ? await load() : new Map<string, Renderer<T>>();
  for (const spec of formats) {
    const colon = spec.indexOf(':');
    const name = colon < 0 ? spec : spec.slice(0, colon);
    const target = colon < 0 ? STANDARD_OUTPUT : spec.slice(colon + 1);
    const renderer = known.get(name);
    if (!renderer) throw unknownName('format', name, [...known.keys()]);
    if (target === '')
      throw new InputError(`--format ${spec} names no file: give NAME:FILE, or NAME for standard output`);
    outputs.push({ asked: `--format ${spec}`, renderer, target });
  }
  const taken = new Map<string, Asked>();
  for (const output of outputs.filter(({ target }) => target === STANDARD_OUTPUT || !isDevice(target))) {
    const place = output.target === STANDARD_OUTPUT ? STANDARD_OUTPUT : resolve(output.target);
    const other = taken.get(place);
    if (other) throw sameFile(other, output);
    taken.set(place, output);
  }
  return outputs;
}

const asJson: Renderer<unknown> = { name: 'json', render: (found) => `${JSON.stringify(found, null, 2)}\n` };

/** What `--json FILE|-` asks for; nothing where it was not given. */
export const jsonOutput = (target: string | undefined): Output<unknown>[] =>
  target === undefined ? [] : [{ asked: `--json ${target}`, renderer: asJson, target }];

/** Such as a terminal, which takes several. A folder, and a path that cannot be looked at, is refused when it is opened. */
function isDevice(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() === false;
  } catch {
    return false;
  }
}

/** With a result on standard output, what people read goes to standard error. */
export function humanStream(outputs: readonly Asked[]): NodeJS.WriteStream {
  return outputs.some(({ target }) => target === STANDARD_OUTPUT) ? process.stderr : process.stdout;
}

/**
 * Proves that every file can be written, before anything has been measured for it, that no two are the same one by other
 * names, and that none is one of `kept`, which is `what`. What a file holds stays until there is a result.
 * @throws {StoreError | InputError}
 */
export function checkOutputs(
  outputs: readonly Asked[],
  kept: readonly string[] = [],
  what = 'a file that the run itself keeps',
): void {
  const own = new Set(kept.filter((path) => existsSync(path)).map((path) => identity(statSync(path))));
  const taken = new Map<string, Asked>();
  for (const output of outputs.filter(({ target }) => target !== STANDARD_OUTPUT)) {
    const file = guard(output, () => {
      const fd = openSync(output.target, 'a');
      const stats = fstatSync(fd);
      closeSync(fd);
      return stats;
    });
    if (!file.isFile()) continue;
    if (own.has(identity(file))) throw new InputError(`${output.asked} would overwrite ${what}`);
    const other = taken.get(identity(file));
    if (other) throw sameFile(other, output);
    taken.set(identity(file), output);
  }
}

const identity = ({ dev, ino }: Stats) => `${dev} ${ino}`;

/**
 * Writes all of them, those after one that fails too: a disk may be full for one file and not for another.
 * @throws {StoreError} naming the first that could not be written
 */
export function writeOutputs<T>(outputs: readonly Output<T>[], found: T): void {
  const failures: StoreError[] = [];
  for (const output of outputs) {
    const text = output.renderer.render(found);
    try {
      if (output.target === STANDARD_OUTPUT) process.stdout.write(text);
      else guard(output, () => writeFileSync(output.target, text));
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      failures.push(error);
    }
  }
  const [first] = failures;
  if (first) throw first;
}

const sameFile = (a: Asked, b: Asked) =>
  new InputError(
    `${a.asked} and ${b.asked} go to the same ${b.target === STANDARD_OUTPUT ? 'standard output' : 'file'}: give each a place of its own`,
  );

function guard<T>({ asked }: Asked, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw new StoreError(`${asked} cannot be written: ${explainIoError(error)}`, { cause: error });
  }
}
