/** A caller's argument is wrong. The message names the argument and what was expected. Exit code 2. */
export class InputError extends Error {
  override name = 'InputError';
}

/** A workload's shape is malformed or cannot be held; names the axis or the limit. Exit code 2. */
export class ShapeError extends InputError {
  override name = 'ShapeError';
}

/** The adapter has no unit for what a plan computes with, whatever the shape; names what is missing and what there is. */
export class MissingUnitError extends ShapeError {
  override name = 'MissingUnitError';
}
