import type { Card } from '../../harness/card.js';
import { type ContestantProcess, ProcessGone, RemoteError } from '../../harness/contestant-process.js';
import type { Refused } from './arena.js';

/** What tuning needs of a card. */
export type TuneCard = Pick<Card, 'device' | 'calibration' | 'limits' | 'worker' | 'close'>;
export type OpenTuneCard = () => Promise<TuneCard>;

/** The user, or the system, wants it to end. */
export class Interrupted extends Error {
  override name = 'Interrupted';
}

const MOST_DEATHS_IN_A_ROW = 2;

/** The card's worker, opened anew when a configuration has killed it. */
export class Workbench {
  readonly #open: OpenTuneCard;
  #card: TuneCard;
  #stopped = false;
  #deaths = 0;
  /** Counts workers: what was prepared in an earlier one is gone. */
  generation = 0;

  constructor(card: TuneCard, open: OpenTuneCard) {
    this.#card = card;
    this.#open = open;
  }

  get card(): TuneCard {
    return this.#card;
  }

  /**
   * Asks the worker; its death, and an exception inside it, are findings about the configuration in hand.
   * @param patienceMs given to what may be cut off: then that is what a worker that does not answer in time was at
   * @throws {ProcessGone} when it dies for the second time with nothing new having worked in between
   * @throws {Interrupted}
   */
  async ask<T>(what: (worker: ContestantProcess) => Promise<T>, patienceMs?: number): Promise<T | Refused> {
    if (this.#stopped) throw new Interrupted();
    try {
      return await what(this.#card.worker);
    } catch (error) {
      if (this.#stopped) throw new Interrupted();
      if (error instanceof RemoteError)
        return refused({ code: 'internal-error', detail: `${error.name}: ${error.message}` });
      if (!(error instanceof ProcessGone)) throw error;
      const cutOff = patienceMs !== undefined && error.how === 'worker-hung';
      if (!cutOff && ++this.#deaths >= MOST_DEATHS_IN_A_ROW) throw error;
      await this.#reopen(error);
      if (!cutOff) return refused({ code: error.how, detail: error.message });
      const detail = `it was not verified within the ${(patienceMs / 1000).toPrecision(2)} s that were left for it`;
      return { status: 'skipped', reasons: [{ code: 'too-slow-for-adapter', detail }] };
    }
  }

  /** A configuration worked that had not been seen to work before: the card is well. */
  survived(): void {
    this.#deaths = 0;
  }

  /**
   * Another process for the card, of which nothing has gone wrong yet.
   * @throws {ProcessGone} when it finds another adapter
   */
  async renew(): Promise<void> {
    if (this.#stopped) throw new Interrupted();
    await this.#card.close();
    await this.#reopen(new ProcessGone('worker-died', 'a fresh process found another adapter'));
    this.#deaths = 0;
  }

  /** Ends the worker now, and with it whatever is asked of it. */
  interrupt(): void {
    this.#stopped = true;
    void this.#card.worker.kill();
  }

  async #reopen(death: ProcessGone): Promise<void> {
    await this.#card.worker.kill();
    const { name, driver } = this.#card.device;
    const again = await this.#open();
    this.generation++;
    this.#card = again;
    // What follows would be compared with what another card did.
    if (again.device.name !== name || again.device.driver !== driver) throw death;
    if (this.#stopped) throw new Interrupted();
  }
}

const refused = (reason: Refused['reasons'][number]): Refused => ({ status: 'failed', reasons: [reason] });
