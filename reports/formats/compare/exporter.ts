import type { CompareDocument } from '../../compare-document.js';

/** One way to write a comparison of results down. */
export interface CompareExporter {
  /** As given to `--format`. */
  readonly name: string;
  /** Of a file that holds it, without the dot. */
  readonly extension: string;
  /** Pure: the same comparison gives the same text. */
  render(document: CompareDocument): string;
}
