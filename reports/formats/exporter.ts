import type { Result } from '../schema.js';

/** One way to write a result down. */
export interface Exporter {
  /** As given to `--format`. */
  readonly name: string;
  /** Of a file that holds it, without the dot. */
  readonly extension: string;
  /** Pure: the same result gives the same text. */
  render(result: Result): string;
}
