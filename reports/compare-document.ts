import type { ComparedMeasurement, ComparedResults } from './compare.js';
import type { Measurement, Result } from './schema.js';

/** What `assay compare` writes, `assay.compare/1`: each result against the first. Rounds stay in the results. */
export const COMPARE_SCHEMA_ID = 'assay.compare/1';

/** A result file that took part. */
export interface ComparedFile {
  readonly file: string;
  /** Of the run. */
  readonly id: string;
  readonly startedAt: string;
  readonly device: Pick<Result['device'], 'name' | 'driver' | 'backend' | 'software'>;
}

type Side = Pick<Measurement, 'status' | 'rate' | 'tuning' | 'provenance'>;

export interface ComparedPair extends Omit<ComparedMeasurement, 'from' | 'to'> {
  readonly from: Side | null;
  readonly to: Side | null;
}

export interface CompareDocument {
  readonly schema: typeof COMPARE_SCHEMA_ID;
  /** As a fraction. */
  readonly minEffect: number;
  readonly first: ComparedFile;
  readonly comparisons: readonly (ComparedFile &
    Omit<ComparedResults, 'compared'> & { readonly compared: readonly ComparedPair[] })[];
  /** Of the command: 1 where something got worse on one card, 4 where a file has nothing to compare. */
  readonly exitCode: 0 | 1 | 4;
}

interface Read {
  readonly file: string;
  readonly result: Result;
}

/** @param others what each of the further results came to beside the first */
export function compareDocument(
  first: Read,
  others: readonly (Read & { readonly outcome: ComparedResults })[],
  minEffect: number,
): CompareDocument {
  const comparisons = others.map(({ outcome: { compared, ...rest }, ...read }) => ({
    ...fileOf(read),
    ...rest,
    compared: compared.map(brief),
  }));
  return {
    ...{ schema: COMPARE_SCHEMA_ID, minEffect, first: fileOf(first), comparisons },
    exitCode: exitCodeOf(comparisons),
  };
}

function fileOf({ file, result: { id, startedAt, device } }: Read): ComparedFile {
  const { name, driver, backend, software } = device;
  return { file, id, startedAt, device: { name, driver, backend, software } };
}

function brief({ from, to, ...rest }: ComparedMeasurement): ComparedPair {
  const side = (m: Measurement | null): Side | null =>
    m && { status: m.status, rate: m.rate, tuning: m.tuning, provenance: m.provenance };
  return { ...rest, from: side(from), to: side(to) };
}

/** Slower than before on the same card, or no longer right. Of two cards neither is a regression of the other. */
export const gotWorse = ({ verdict, from, to }: ComparedPair, sameDevice: boolean): boolean =>
  sameDevice && (verdict === 'slower' || (from?.rate != null && to?.status === 'failed'));

function exitCodeOf(comparisons: CompareDocument['comparisons']): 0 | 1 | 4 {
  if (comparisons.some(({ sameDevice, compared }) => compared.some((c) => gotWorse(c, sameDevice)))) return 1;
  return comparisons.every(({ compared }) => compared.some(({ ratio }) => ratio !== null)) ? 0 : 4;
}
