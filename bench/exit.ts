/**
 * Exit codes, the same for every command. 0: done, PASS, same or faster, valid. 1: the answer is no.
 * 2: bad arguments or input. 3: the environment cannot. 4: no honest answer. 5: device lost or worker
 * died. 130: interrupted. 70: a defect of this program.
 */
export const EXIT = {
  ok: 0,
  no: 1,
  usage: 2,
  environment: 3,
  noAnswer: 4,
  lost: 5,
  interrupted: 130,
  defect: 70,
} as const;

/** Errors that are messages to the user and not defects, by name: they need no stack trace. */
const CODES: Readonly<Record<string, number>> = {
  InputError: EXIT.usage,
  ShapeError: EXIT.usage,
  ResultFileError: EXIT.usage,
  JournalError: EXIT.usage,
  StoreError: EXIT.usage,
  KeyFileError: EXIT.usage,
  EnvironmentError: EXIT.environment,
  BaselineUnavailable: EXIT.environment,
  ProcessGone: EXIT.lost,
};

/** Prints what went wrong and returns the exit code. An error without a code of its own is a defect and shows its stack. */
export function reportError(error: unknown): number {
  const code = error instanceof Error ? CODES[error.name] : undefined;
  if (code === undefined) {
    process.stderr.write(`assay: internal error: ${error instanceof Error ? error.stack : String(error)}\n`);
    return EXIT.defect;
  }
  process.stderr.write(`assay: ${(error as Error).message}\n`);
  return code;
}
