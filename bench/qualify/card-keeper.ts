import { type Card, EnvironmentError, type OpenCardOptions, openCard } from '../../harness/card.js';
import { ProcessGone } from '../../harness/contestant-process.js';
import { InputError } from '../../kernels/errors.js';

/** Gives every check a worker of its own, and knows when the card is no longer to be had. */
export class CardKeeper {
  readonly #options: OpenCardOptions;
  /** Opened, and used by nobody yet. */
  #next: Card | null;
  #current: Card | null = null;
  #lost: ProcessGone | null = null;

  /** @param first that was opened to see what it is @param options that open the same again */
  constructor(first: Card, options: OpenCardOptions) {
    this.#next = first;
    this.#options = options;
  }

  /** A worker that has done nothing yet. The card that twice in a row cannot be opened is lost for good. */
  async fresh(): Promise<Card | ProcessGone> {
    if (this.#lost) return this.#lost;
    const ready = this.#next?.worker.gone === null ? this.#next : null;
    this.#next = null;
    const opened = ready ?? (await this.#open()) ?? (await this.#open());
    this.#current = opened;
    if (opened === null) this.#lost ??= new ProcessGone('device-lost', 'the card cannot be opened any more');
    return opened ?? (this.#lost as ProcessGone);
  }

  async done(): Promise<void> {
    const current = this.#current;
    this.#current = null;
    await current?.close();
  }

  /** Ends whatever works now. */
  async kill(): Promise<void> {
    await Promise.all([this.#current?.worker.kill(), this.#next?.worker.kill()]);
  }

  async close(): Promise<void> {
    await Promise.all([this.#current?.close(), this.#next?.close()]);
  }

  async #open(): Promise<Card | null> {
    try {
      const card = await openCard(this.#options);
      this.#lost = null;
      return card;
    } catch (error) {
      if (!(error instanceof EnvironmentError || error instanceof InputError)) throw error;
      // No adapter of that name: it was there when the qualification began.
      const how = (error instanceof EnvironmentError ? error.how : null) ?? 'device-lost';
      this.#lost = new ProcessGone(how, `the card could not be opened again: ${error.message.split('\n')[0]}`);
      return null;
    }
  }
}
