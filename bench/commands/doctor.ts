import pc from 'picocolors';
import { z } from 'zod';
import { type Facts, gatherFacts } from '../doctor/facts.js';
import type { Finding } from '../doctor/finding.js';
import { defaultAdapter, judge } from '../doctor/findings.js';
import { jsonOutput, writeOutputs } from '../outputs.js';

/** What `assay doctor --json` writes. */
export const doctorReport = z.object({
  schema: z.literal('assay.doctor/1'),
  /** Some adapter can be used. */
  usable: z.boolean(),
  /** The adapter that a run takes by default. */
  adapter: z.object({ name: z.string(), software: z.boolean() }).nullable(),
  findings: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      status: z.enum(['ok', 'warn', 'fail', 'absent']),
      detail: z.string(),
      remedy: z.array(z.string()),
    }),
  ),
});
export type DoctorReport = z.infer<typeof doctorReport>;

type Colors = ReturnType<typeof pc.createColors>;

function mark(status: Finding['status'], colors: Colors): string {
  const words = status.padEnd(6);
  switch (status) {
    case 'ok':
      return colors.green(`✓ ${words}`);
    case 'warn':
      return colors.yellow(`! ${words}`);
    case 'fail':
      return colors.red(`✗ ${words}`);
    case 'absent':
      return colors.dim(`- ${words}`);
  }
}

/** Judges facts. */
export function diagnose(facts: Facts): DoctorReport {
  const adapter = defaultAdapter(facts.report);
  return {
    schema: 'assay.doctor/1',
    usable: adapter !== null,
    adapter: adapter === null ? null : { name: adapter.name, software: adapter.software },
    findings: judge(facts).map((finding: Finding) => ({ ...finding, remedy: [...finding.remedy] })),
  };
}

function lastLine({ adapter, findings }: DoctorReport): string {
  const failing = findings.filter(({ status }) => status === 'fail').length;
  const rest =
    failing === 0 ? '' : ` ${failing} ${failing === 1 ? 'thing is' : 'things are'} still to be mended, marked ✗ above.`;
  if (adapter === null) return `Not ready: no adapter can be used. Run the commands above, then assay doctor again.`;
  if (adapter.software)
    return `Ready on a software adapter only, ${adapter.name}: everything runs, but its timings say nothing about hardware.${rest}`;
  return `Ready: ${adapter.name}, a hardware adapter.${rest}`;
}

/** The report as lines for people; status in words as well as in marks and colours. */
export function renderDoctor(report: DoctorReport, colors: Colors = pc): string {
  const width = Math.max(...report.findings.map(({ title }) => title.length));
  const lines = report.findings.flatMap(({ status, title, detail, remedy }) => [
    `${mark(status, colors)}  ${title.padEnd(width)}  ${detail}`,
    ...remedy.map((command) => `${' '.repeat(width + 12)}$ ${colors.bold(command)}`),
  ]);
  return `${lines.join('\n')}\n\n${lastLine(report)}\n`;
}

/**
 * `assay doctor`: looks at everything that a run needs and prints the command that mends each gap.
 * @returns the exit code: 0 when some adapter can be used, even a software one, else 3
 */
export async function doctor(options: { readonly json?: string | undefined } = {}): Promise<number> {
  const report = diagnose(await gatherFacts());
  if (options.json !== '-') process.stdout.write(renderDoctor(report));
  writeOutputs(jsonOutput(options.json), report);
  return report.usable ? 0 : 3;
}
