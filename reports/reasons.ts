import { isNote, type Measurement, type Reason, type ReasonCode } from './schema.js';

interface Explanation {
  /** Two to four words for a table cell. */
  readonly label: string;
  /** One or two sentences: what happened, with the detail, and the next step. */
  readonly sentence: (detail: string) => string;
}

/** ` (detail)`, or nothing where there is none. */
const aside = (detail: string) => (detail ? ` (${detail})` : '');
/** `: detail`, or nothing where there is none. */
const because = (detail: string) => (detail ? `: ${detail}` : '');

/** Closed: the compiler refuses a code without a sentence. */
const explanations: Readonly<Record<ReasonCode, Explanation>> = {
  'baseline-not-installed': {
    label: 'not installed',
    sentence: (d) =>
      `The baseline is not installed${because(d)}. Install it and run again to have a peer to compare with.`,
  },
  'baseline-unsupported': {
    label: 'not supported',
    sentence: (d) => `The baseline cannot run this workload${because(d)}. Compare on a workload that both can run.`,
  },
  'baseline-crashed': {
    label: 'baseline crashed',
    sentence: (d) =>
      `The baseline's process ended by itself${aside(d)}; the rest of the run went on. Run it alone to see whether it happens again, and report it to its authors.`,
  },
  'external-failed': {
    label: 'external failed',
    sentence: (d) =>
      `The external program gave no figure that can be used${because(d)}. Run its command by itself to see what it says.`,
  },
  'not-verified': {
    label: 'not verified',
    sentence: (d) =>
      `This figure is another program's own${aside(d)}: Assay saw no output to verify, and the two took no turns. Compare by eye and with care; no verdict rests on it.`,
  },
  'silent-cpu-fallback': {
    label: 'ran on the CPU',
    sentence: (d) =>
      `The baseline was asked to use the GPU but computed on the CPU${aside(d)}, so it is no measure of this card. Check its GPU provider with \`assay doctor\`.`,
  },
  'other-adapter': {
    label: 'other adapter',
    sentence: (d) =>
      `The baseline cannot be told which adapter to use here and might take another than ours${aside(d)}, so nothing is compared. Choose one by leaving a single driver visible with VK_DRIVER_FILES, and run again.`,
  },
  'missing-feature': {
    label: 'feature missing',
    sentence: (d) =>
      `The adapter lacks a feature that this needs${aside(d)}. A newer driver may offer it: see \`assay doctor\`.`,
  },
  'exceeds-limit': {
    label: 'exceeds a limit',
    sentence: (d) => `The workload does not fit this adapter${because(d)}. Choose a smaller shape.`,
  },
  'out-of-memory': {
    label: 'out of memory',
    sentence: (d) =>
      `The device could not allocate what the workload needs${aside(d)}. Close other programs that use the card, or choose a smaller shape.`,
  },
  'too-slow-for-adapter': {
    label: 'too slow here',
    sentence: (d) => `This would take longer than the time allowed on this adapter${aside(d)}. Choose a smaller shape.`,
  },
  'shader-error': {
    label: 'shader refused',
    sentence: (d) =>
      `The shader did not compile${because(d)}. Report it with the driver's version from \`assay devices\`.`,
  },
  'submission-error': {
    label: 'submission refused',
    sentence: (d) =>
      `The device refused the work${because(d)}, so nothing was timed. Run again in safe mode; if it stays, report it.`,
  },
  'wrong-result': {
    label: 'wrong result',
    sentence: (d) =>
      `The output is wrong${because(d)}. No speed is shown for a wrong answer; suspect the driver, then the card's memory.`,
  },
  'writes-out-of-bounds': {
    label: 'wrote out of bounds',
    sentence: (d) =>
      `The kernel changed memory past the end of a buffer${aside(d)}. No speed is shown; the kernel must be mended.`,
  },
  'mutates-input': {
    label: 'changed its input',
    sentence: (d) => `The kernel changed its own input${aside(d)}. No speed is shown; the kernel must be mended.`,
  },
  'wrong-after-timing': {
    label: 'wrong after timing',
    sentence: (d) =>
      `The output was right before the timing and wrong after it${because(d)}. Suspect heat or worn memory: watch the temperatures and run again.`,
  },
  'declaration-changed': {
    label: 'declared otherwise',
    sentence: (d) =>
      `The two revisions do not declare the same work${because(d)}, so their speeds are not compared. Run each revision by itself, and compare by eye.`,
  },
  'internal-error': {
    label: 'internal error',
    sentence: (d) => `The suite itself failed here${because(d)}. This is a defect: please report it with the journal.`,
  },
  'worker-died': {
    label: 'worker died',
    sentence: (d) =>
      `The process that drives the card ended by itself${aside(d)}. What had finished is kept; go on with \`assay resume\`.`,
  },
  'worker-hung': {
    label: 'worker hung',
    sentence: (d) =>
      `The process that drives the card stopped answering and was ended${aside(d)}. Go on with \`assay resume\`; if it stays, suspect the driver.`,
  },
  'device-lost': {
    label: 'device lost',
    sentence: (d) =>
      `The driver gave up the device${aside(d)}. Look for a reset in the system's log (\`dmesg\`), then go on with \`assay resume\`.`,
  },
  interrupted: {
    label: 'interrupted',
    sentence: (d) => `The run ended before this was complete${aside(d)}. Go on with \`assay resume\`.`,
  },
  'clock-saturated': {
    label: 'clock too coarse',
    sentence: (d) =>
      `The clock's steps are too coarse for these samples${aside(d)}. Use a larger shape so that a sample lasts longer.`,
  },
  'too-few-rounds': {
    label: 'too few rounds',
    sentence: (d) => `There are too few clean rounds to judge by${aside(d)}; five are the least. Raise \`--rounds\`.`,
  },
  'wide-interval': {
    label: 'wide interval',
    sentence: (d) => `The rounds disagree by more than 2 %${aside(d)}. Close other programs, and raise \`--rounds\`.`,
  },
  drift: {
    label: 'drifting',
    sentence: (d) =>
      `The speed kept changing in one direction${aside(d)}: the device had not settled. Let it reach a steady temperature and run again.`,
  },
  'clocks-disagree': {
    label: 'clocks disagree',
    sentence: (d) =>
      `The GPU's clock and the host's tell different times${because(d)}. Trust neither until a run on an idle machine agrees.`,
  },
  'above-ceiling': {
    label: 'above the ceiling',
    sentence: (d) =>
      `This is faster than the limit measured on the same device${aside(d)}. Either work was skipped or the ceiling was measured badly: measure both again.`,
  },
  'two-modes': {
    label: 'two speeds',
    sentence: (d) =>
      `The samples fall into two heaps${aside(d)}, as where a clock jumps between two frequencies: no one figure describes them. Check whether the clocks can be fixed, and look at the rounds.`,
  },
  throttled: {
    label: 'throttled',
    sentence: (d) =>
      `The device’s clock fell in some rounds, or something else computed on it${aside(d)}; they are kept and do not count. Check cooling and the power limit, and close other programs.`,
  },
  'host-clock': {
    label: 'host clock',
    sentence: () =>
      "Timed with the host's clock, because this implementation does not offer the GPU's; submission is included.",
  },
};

/** Two to four words for a table cell. */
export function reasonLabel(code: ReasonCode): string {
  return explanations[code].label;
}

/** What happened and the next step, as a sentence or two. The detail is plain text: escape it for HTML. */
export function explainReason({ code, detail }: Reason): string {
  return explanations[code].sentence(detail.trim().replace(/[.\s]+$/, ''));
}

/** The status with the labels of its reasons, notes last: `unreliable: wide interval, drifting; host clock`. */
export function statusText({ status, reasons }: Pick<Measurement, 'status' | 'reasons'>): string {
  const labels = (note: boolean) =>
    [...new Set(reasons.filter(({ code }) => isNote(code) === note).map(({ code }) => reasonLabel(code)))].join(', ');
  const faults = labels(false);
  const notes = labels(true);
  return [faults ? `${status}: ${faults}` : status, notes].filter(Boolean).join('; ');
}
