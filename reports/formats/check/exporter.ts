import type { Check } from '../../check.js';

/** One way to write a check down. */
export interface CheckExporter {
  /** As given to `--format`. */
  readonly name: string;
  /** Of a file that holds it, without the dot. */
  readonly extension: string;
  /** Pure: the same check gives the same text. */
  render(check: Check): string;
}
