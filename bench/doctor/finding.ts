/** `fail` keeps Assay from working, `warn` keeps it from working fully, `absent` is optional. */
export type FindingStatus = 'ok' | 'warn' | 'fail' | 'absent';

export interface Finding {
  readonly id: string;
  readonly title: string;
  readonly status: FindingStatus;
  readonly detail: string;
  /** Commands to run, in order. */
  readonly remedy: readonly string[];
}
