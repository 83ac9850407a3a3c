import { EnvironmentError } from '../../harness/card.js';
import { listAdapters } from '../../harness/environment/probe.js';
import { InputError } from '../../kernels/errors.js';
import type { Store } from '../../reports/store.js';
import { EXIT } from '../exit.js';
import type { Earlier, RunOutcome } from '../run/run.js';
import { executeQualify, type QualifyObserver, type QualifyOptions } from './qualify.js';
import type { QualifySettings } from './settings.js';

export interface RigCard {
  readonly settings: QualifySettings;
  readonly observer: QualifyObserver;
  readonly earlier?: Earlier | null;
}

export interface RigOutcome {
  /** In the order of the cards; the error of one that could not be qualified at all. */
  readonly cards: readonly (RunOutcome | Error)[];
  readonly exitCode: number;
}

/**
 * Names of all cards of the machine: hardware, or the programs where there is none or they are asked for.
 * @returns also those that cannot be told apart by name, and so not be chosen
 * @throws {EnvironmentError} when there is none
 */
export async function cardsOfRig(software: boolean | null): Promise<{ names: string[]; hidden: readonly string[] }> {
  const { adapters, hidden } = await listAdapters();
  const wanted = software ?? !adapters.some((adapter) => !adapter.software);
  const names = adapters.filter((adapter) => adapter.software === wanted).map(({ name }) => name);
  if (names.length === 0)
    throw new EnvironmentError('no adapter of the wanted kind can be used here; "assay doctor" says what is missing');
  return { names, hidden };
}

/**
 * Qualifies cards side by side, each with workers, journal and result of its own; what happens to one leaves the others
 * alone. With a single card its error is thrown.
 */
export async function executeRig(
  cards: readonly RigCard[],
  store: Store,
  options: QualifyOptions = {},
): Promise<RigOutcome> {
  const settled = await Promise.allSettled(
    cards.map(({ settings, observer, earlier = null }) => executeQualify(settings, store, observer, earlier, options)),
  );
  const outcomes = settled.map((one) =>
    one.status === 'fulfilled' ? one.value : one.reason instanceof Error ? one.reason : new Error(String(one.reason)),
  );
  const [only] = outcomes;
  if (outcomes.length === 1 && only instanceof Error && !isLost(only)) throw only;
  return { cards: outcomes, exitCode: exitCodeOf(outcomes) };
}

const isLost = (error: Error) => error instanceof EnvironmentError && error.how !== null;

/**
 * Interrupted before everything; then a card that failed, one that could not be judged, and PASS only when all passed.
 * A card whose worker died before anything was known of it counts as failed, unless no card could be judged at all.
 */
export function exitCodeOf(outcomes: readonly (Pick<RunOutcome, 'exitCode'> | Error)[]): number {
  const codes = outcomes.map((one) => (one instanceof Error ? codeOfError(one) : one.exitCode));
  if (codes.includes(EXIT.interrupted)) return EXIT.interrupted;
  if (codes.includes(EXIT.defect)) return EXIT.defect;
  if (codes.every((code) => code === EXIT.lost)) return EXIT.lost;
  if (codes.some((code) => code === EXIT.no || code === EXIT.lost)) return EXIT.no;
  for (const code of [EXIT.usage, EXIT.environment, EXIT.noAnswer]) if (codes.includes(code)) return code;
  return EXIT.ok;
}

function codeOfError(error: Error): number {
  if (error instanceof EnvironmentError) return error.how === null ? EXIT.environment : EXIT.lost;
  const input = error instanceof InputError || error.name === 'JournalError' || error.name === 'StoreError';
  return input ? EXIT.usage : EXIT.defect;
}
