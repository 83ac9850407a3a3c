import { distance } from 'fastest-levenshtein';
import { InputError } from '../kernels/errors.js';

/** The known name nearest to a mistyped one; null when none is near enough to be meant. */
export function nearest(name: string, known: readonly string[]): string | null {
  const lower = name.toLowerCase();
  const ranked = known
    .map((candidate) => ({ candidate, off: distance(lower, candidate.toLowerCase()) }))
    .sort((a, b) => a.off - b.off);
  const best = ranked[0];
  if (!best) return null;
  // Two slips are forgiven, more in long names, but half of a short name is another name.
  const near = best.off <= Math.max(2, Math.floor(best.candidate.length / 3)) && best.off * 2 < best.candidate.length;
  return near ? best.candidate : null;
}

/** @returns the error for a name that is not known, with the near one when there is one and all of them */
export function unknownName(what: string, name: string, known: readonly string[]): InputError {
  const near = nearest(name, known);
  return new InputError(
    `unknown ${what} "${name}"${near ? `; did you mean "${near}"?` : ''} (there are: ${known.join(', ')})`,
  );
}
