import type { Measurement } from './schema.js';

type Tuned = Pick<Measurement, 'tuning' | 'tuningSource' | 'tunedOn'>;

/** Whether a measurement ran with values that `assay tune` found and not with the declared defaults. */
export const isTuned = ({ tuningSource }: Tuned): boolean => tuningSource !== 'default';

/** `tile 8, rows 4`, and for which workload they were found where it was another. */
export function tuningText({ tuning, tuningSource, tunedOn }: Tuned): string {
  const values = Object.entries(tuning).map(([name, value]) => `${name}\u00a0${value}`);
  return `${values.join(', ')}${tuningSource === 'near' && tunedOn !== null ? ` (found for ${tunedOn})` : ''}`;
}
