/**
 * One line on standard error that says how far a run is and how long it will take; nothing when
 * standard error is not a terminal, so that logs stay readable.
 */
export class Progress {
  readonly #stream: NodeJS.WriteStream;
  readonly #start = Date.now();
  #shown = false;

  constructor(stream: NodeJS.WriteStream = process.stderr) {
    this.#stream = stream;
  }

  step(done: number, total: number, what: string): void {
    if (!this.#stream.isTTY) return;
    const fraction = total > 0 ? done / total : 0;
    const elapsed = (Date.now() - this.#start) / 1000;
    // Before a twentieth is done the rest cannot be told from it.
    const left = fraction > 0.05 ? `, about ${duration((elapsed / fraction) * (1 - fraction))} left` : '';
    const line = `${String(Math.floor(fraction * 100)).padStart(3)} %${left}  ${what}`;
    this.#stream.write(`\r\x1b[2K${line.slice(0, (this.#stream.columns ?? 80) - 1)}`);
    this.#shown = true;
  }

  clear(): void {
    if (this.#shown) this.#stream.write('\r\x1b[2K');
    this.#shown = false;
  }
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  return `${Math.round(seconds / 60)} min`;
}
