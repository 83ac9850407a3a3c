import { MissingUnitError, ShapeError } from '../kernels/errors.js';
import type { Reason, ReasonCode } from '../reports/schema.js';
import { BaselineUnavailable } from './baseline.js';
import { GuardError } from './buffers.js';
import { InputChangedError } from './execution.js';
import { ShaderError } from './program.js';
import { SetupTooSlowError } from './residents.js';
import { OutOfMemoryError, SubmissionError } from './submit.js';

/** A measurement that does not happen, with the reason that its reader sees. */
export class Refusal extends Error {
  override name = 'Refusal';
  readonly status: 'skipped' | 'failed';
  readonly reason: Reason;
  constructor(status: 'skipped' | 'failed', code: ReasonCode, detail: string) {
    super(detail);
    this.status = status;
    this.reason = { code, detail };
  }
}

/**
 * `skipped`: it could not be tried here. `failed`: it was tried and is wrong.
 * @returns null for an error that is neither: a defect, to be thrown on
 */
export function refusalOf(error: unknown): Refusal | null {
  if (error instanceof Refusal) return error;
  if (error instanceof MissingUnitError) return new Refusal('skipped', 'missing-feature', error.message);
  if (error instanceof ShapeError) return new Refusal('skipped', 'exceeds-limit', error.message);
  if (error instanceof OutOfMemoryError) return new Refusal('skipped', 'out-of-memory', error.message);
  if (error instanceof SetupTooSlowError) return new Refusal('skipped', 'too-slow-for-adapter', error.message);
  if (error instanceof BaselineUnavailable)
    return new Refusal('skipped', 'baseline-not-installed', `${error.message} (${error.remedy})`);
  if (error instanceof ShaderError)
    return new Refusal('failed', 'shader-error', error.message.replace(/\s*\n\s*/g, ' | '));
  if (error instanceof SubmissionError) return new Refusal('failed', 'submission-error', error.message);
  if (error instanceof GuardError) return new Refusal('failed', 'writes-out-of-bounds', error.message);
  if (error instanceof InputChangedError) return new Refusal('failed', 'mutates-input', error.message);
  return null;
}
