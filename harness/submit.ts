/** The device refused or lost work. A number from a failed submission can never be reported. */
export class SubmissionError extends Error {
  override name = 'SubmissionError';
}
/** The device ran out of memory; a bigger card or a smaller shape is needed. */
export class OutOfMemoryError extends Error {
  override name = 'OutOfMemoryError';
}

/** Commands on their way to the device: one submission, or several where it is cut. Used inside `guarded`. */
export class Recording {
  readonly #device: Pick<GPUDevice, 'createCommandEncoder' | 'queue'>;
  #encoder: GPUCommandEncoder;

  constructor(device: Pick<GPUDevice, 'createCommandEncoder' | 'queue'>) {
    this.#device = device;
    this.#encoder = device.createCommandEncoder();
  }

  /** For what comes next; another one after a cut. */
  get encoder(): GPUCommandEncoder {
    return this.#encoder;
  }

  /** Submits what was encoded so far. */
  cut(): void {
    this.submit();
    this.#encoder = this.#device.createCommandEncoder();
  }

  /** Submits the rest; nothing can be encoded any more. */
  submit(): void {
    this.#device.queue.submit([this.#encoder.finish()]);
  }
}

/**
 * Runs `work` inside error scopes of every kind. A dispatch that fails validation costs no time and
 * leaves its timestamps at zero, so every submission goes through here.
 * @throws {OutOfMemoryError | SubmissionError}
 */
export async function guarded<T>(device: GPUDevice, label: string, work: () => T | Promise<T>): Promise<T> {
  const kinds = ['validation', 'internal', 'out-of-memory'] as const;
  for (const kind of kinds) device.pushErrorScope(kind);
  let outcome: { value: T } | { error: unknown };
  try {
    outcome = { value: await work() };
  } catch (error) {
    outcome = { error };
  }
  // Popped even after an exception: a scope left open would swallow somebody else's error.
  const errors = await Promise.all(kinds.map(() => device.popErrorScope()));
  if (errors[0]) throw new OutOfMemoryError(`${label}: ${errors[0].message}`);
  const error = errors[1] ?? errors[2];
  if (error) throw new SubmissionError(`${label}: ${error.message}`);
  if ('error' in outcome) throw outcome.error;
  return outcome.value;
}
