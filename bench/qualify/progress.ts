import { formatDuration } from '../../reports/units.js';
import type { Standing } from './qualify.js';

/** A line for each card on a terminal, drawn over itself; nothing where standard error is none. */
export class RigProgress {
  readonly #stream: NodeJS.WriteStream;
  readonly #lines: string[];
  #shown = 0;

  constructor(cards: number, stream: NodeJS.WriteStream = process.stderr) {
    this.#stream = stream;
    this.#lines = Array.from({ length: cards }, () => '');
  }

  show(card: number, name: string, standing: Standing): void {
    this.#lines[card] = standingLine(this.#lines.length > 1 ? name : null, standing);
    this.#draw();
  }

  /** The card is done: its place is left empty. */
  end(card: number): void {
    this.#lines[card] = '';
    this.#draw();
  }

  clear(): void {
    if (this.#shown > 0) this.#stream.write(`${up(this.#shown)}\x1b[J`);
    this.#shown = 0;
  }

  #draw(): void {
    if (!this.#stream.isTTY) return;
    const width = (this.#stream.columns ?? 80) - 1;
    const lines = this.#lines.filter((line) => line !== '');
    this.clear();
    this.#stream.write(lines.map((line) => `${line.slice(0, width)}\n`).join(''));
    this.#shown = lines.length;
  }
}

const up = (lines: number) => `\x1b[${lines}A\r`;

/** ` 42 %, 5 min left, 71 °C, 211 W  Memory: loop 1, address, 412 GB/s` */
export function standingLine(name: string | null, { share, leftMs, check, what, sample }: Standing): string {
  const { edge = null, hotspot = null } = sample?.temperatureC ?? {};
  const degrees = edge ?? hotspot;
  const watts = sample?.powerWatts ?? null;
  const parts = [
    `${String(Math.floor(100 * Math.min(1, share))).padStart(3)} %`,
    `${formatDuration(Math.max(0, leftMs))} left`,
    degrees !== null && `${Math.round(degrees)} °C`,
    watts !== null && `${Math.round(watts)} W`,
  ].filter(Boolean);
  return `${name === null ? '' : `${name.slice(0, 20)}: `}${parts.join(', ')}  ${check}: ${what}`.replaceAll(
    '\u00a0',
    ' ',
  );
}
