import { type Card, EnvironmentError } from '../../harness/card.js';
import { ContestantProcess, ProcessGone, RemoteError } from '../../harness/contestant-process.js';
import { environmentWithOnly } from '../../harness/environment/narrow.js';
import { builtFile } from '../../harness/root.js';
import { unknownName } from '../../harness/suggest.js';
import { suitingVariants } from '../../kernels/choose.js';
import { InputError } from '../../kernels/errors.js';
import { kernelName } from '../../kernels/shape.js';
import { isOurs } from '../../reports/names.js';
import type { Mode, Reason } from '../../reports/schema.js';
import { type BaselineEntry, baselines } from '../baselines/index.js';
import type { Workload } from '../suites/index.js';
import type { RunSettings } from './settings.js';

const OPEN_TIMEOUT_MS = 60_000;

/** One implementation's process and provenance, or why it cannot take part. */
export type Entrant =
  | { readonly process: ContestantProcess; readonly provenance: string | null }
  | { readonly absent: Reason };

/** The processes that compute: the card's worker, and a child of its own for each baseline, started when first needed. */
export class Contestants {
  readonly #card: Card;
  readonly #mode: Mode;
  readonly #chosen: readonly BaselineEntry[];
  readonly #variants: RunSettings['variants'];
  readonly #started = new Map<string, Entrant>();
  #narrowed: Promise<Readonly<Record<string, string>> | null> | null = null;

  constructor(
    card: Card,
    { mode, variants }: Pick<RunSettings, 'mode' | 'variants'>,
    chosen: readonly BaselineEntry[],
  ) {
    this.#card = card;
    this.#mode = mode;
    this.#variants = variants;
    this.#chosen = chosen;
  }

  /** Implementation ids that take part in a workload: our variants, naive first, then the baselines. */
  implementations(workload: Workload): string[] {
    const peers = this.#chosen.filter((b) => b.kernels.includes(kernelName(workload.kernel))).map((b) => b.id);
    return [...this.ours(workload), ...peers];
  }

  /** Those of our variants that take part, naive first. */
  ours({ kernel, shape }: Workload): string[] {
    const wanted = this.#variants;
    const chosen =
      typeof wanted === 'string'
        ? suitingVariants(kernel, shape, wanted, this.#card.limits)
        : kernel.variants.filter(({ id }) => wanted.includes(id));
    return chosen.map(({ id }) => `assay/${id}`);
  }

  async entrant(implementation: string): Promise<Entrant> {
    if (isOurs(implementation)) return { process: this.#card.worker, provenance: null };
    const started = this.#started.get(implementation);
    // A baseline that crashed on one workload gets a fresh process for the next.
    if (started && !('process' in started && started.process.gone)) return started;
    const entrant = await this.#start(implementation);
    this.#started.set(implementation, entrant);
    return entrant;
  }

  async close(): Promise<void> {
    const open = [...this.#started.values()].flatMap((e) => ('process' in e ? [e.process] : []));
    await Promise.all([...open.map((p) => p.close()), this.#card.close()]);
  }

  /** Ends everything now. */
  async kill(): Promise<void> {
    const open = [...this.#started.values()].flatMap((e) => ('process' in e ? [e.process] : []));
    await Promise.all([...open, this.#card.worker].map((p) => p.kill()));
  }

  /** A library that cannot choose is shown nothing but the card's own adapter. */
  #sameAdapter(): Promise<Readonly<Record<string, string>> | null> {
    this.#narrowed ??= environmentWithOnly(this.#card.device.name, this.#card.env);
    return this.#narrowed;
  }

  async #start(id: string): Promise<Entrant> {
    const { gpu, choosesAdapter } = this.#chosen.find((b) => b.id === id) ?? {};
    const env = gpu && !choosesAdapter ? await this.#sameAdapter() : this.#card.env;
    if (env === null)
      return { absent: { code: 'other-adapter', detail: `several adapters beside ${this.#card.device.name}` } };
    const child = new ContestantProcess(id, builtFile('bench/baselines/process.js'), [id], env);
    const deviceName = choosesAdapter ? this.#card.device.name : null;
    const params = { deviceName, software: this.#card.device.software, mode: this.#mode };
    try {
      const { provenance } = await child.call('open', params, OPEN_TIMEOUT_MS);
      return { process: child, provenance };
    } catch (error) {
      await child.kill();
      if (error instanceof RemoteError && error.name === 'BaselineUnavailable') {
        const detail = [error.message, ...(error.remedy ? [error.remedy] : [])].join('; ');
        return { absent: { code: 'baseline-not-installed', detail } };
      }
      if (error instanceof ProcessGone || error instanceof RemoteError)
        return { absent: { code: 'baseline-crashed', detail: error.message } };
      throw error;
    }
  }
}

/**
 * Variants named on the command line must each belong to one of the run's kernels, and leave none without any.
 * @throws {InputError} that suggests the near one
 */
export function checkVariants(wanted: RunSettings['variants'], workloads: readonly Workload[]): void {
  if (typeof wanted === 'string') return;
  const chosen = [...new Set(workloads.map(({ kernel }) => kernel))];
  const known = [...new Set(chosen.flatMap(({ variants }) => variants.map(({ id }) => id)))];
  for (const id of wanted) if (!known.includes(id)) throw unknownName('variant', id, known);
  for (const { id, variants } of chosen)
    if (!variants.some((v) => wanted.includes(v.id)))
      throw new InputError(`--variant names none of ${id}: it has ${variants.map((v) => v.id).join(', ')}`);
}

/**
 * @param names as given on the command line; null takes all but those that must be named
 * @throws {InputError} that suggests the near one
 */
export function chooseBaselines(names: readonly string[] | null): readonly BaselineEntry[] {
  if (names === null) return baselines.filter(({ byName }) => !byName);
  return names.map((name) => {
    const found = baselines.find((b) => b.id === name);
    if (!found)
      throw unknownName(
        'baseline',
        name,
        baselines.map((b) => b.id),
      );
    return found;
  });
}

/** A baseline that was asked for by name must be there. @throws {EnvironmentError} with the command that installs it */
export async function requireBaselines(contestants: Contestants, names: readonly string[] | null): Promise<void> {
  for (const name of names ?? []) {
    const entrant = await contestants.entrant(name);
    if ('absent' in entrant) throw new EnvironmentError(`baseline ${name} cannot be used: ${entrant.absent.detail}`);
  }
}
