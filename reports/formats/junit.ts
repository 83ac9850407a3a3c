import { groupByWorkload, isVerified } from '../groups.js';
import { escapeHtml } from '../html/markup.js';
import { explainReason, reasonLabel, statusText } from '../reasons.js';
import { type Check, isNote, type Measurement, type Result } from '../schema.js';
import type { Exporter } from './exporter.js';

/**
 * JUnit XML as Jenkins, GitLab and GitHub's test reporters read it, within junit-10.xsd of Jenkins' xUnit plugin. It
 * says what is right, not what is fast: a suite for each workload, a test case for each implementation. Failed is a
 * failure; skipped, and a figure that nobody verified, is skipped; unreliable is right, with a note in `system-out`. The
 * checks of a qualification are a suite of their own: `fail` is a failure, `inconclusive` is no answer and so skipped.
 */
export const junitExporter: Exporter = {
  name: 'junit',
  extension: 'xml',
  render: (result) => {
    const suites = [
      ...groupByWorkload(result).map(({ workload, measurements }) =>
        suite(workload, result, measurements.map(measurementCase)),
      ),
      ...(result.checks.length > 0 ? [suite('checks', result, result.checks.map(checkCase))] : []),
    ];
    // The schema has no `skipped` here.
    const { tests, failures, errors } = counts(suites.flatMap(({ cases }) => cases));
    const totals = attributes({ name: `assay ${result.suite}`, tests, failures, errors });
    return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${totals}>\n${suites.map(({ xml }) => xml).join('')}</testsuites>\n`;
  },
};

interface Case {
  readonly name: string;
  readonly suite: string;
  /** Seconds that were timed; null where nothing was. */
  readonly seconds: number | null;
  readonly outcome: { readonly kind: 'failure' | 'skipped'; readonly type: string; readonly message: string } | null;
  /** What happened and the next step, a line each. */
  readonly text: string;
}

function measurementCase(m: Measurement): Case {
  const { workload, implementation, status, reasons } = m;
  const faults = reasons.filter(({ code }) => !isNote(code));
  const [first] = faults;
  const said = faults.map((reason) => `${reasonLabel(reason.code)}: ${explainReason(reason)}`).join('\n');
  const kind = status === 'failed' ? 'failure' : status === 'skipped' || !isVerified(m) ? 'skipped' : null;
  const message = first?.detail ? `${statusText(m)} (${first.detail})` : statusText(m);
  return {
    ...{ name: implementation, suite: workload, seconds: timedSeconds(m) },
    outcome: kind && { kind, type: first?.code ?? status, message },
    text: kind === null && said !== '' ? `unreliable\n${said}` : said,
  };
}

/** Of all samples of all rounds: what this measurement kept the device busy for while it was timed. */
function timedSeconds({ rounds, batch }: Measurement): number | null {
  if (rounds.length === 0) return null;
  const ns = rounds.reduce((sum, round) => sum + round.samplesNs.reduce((a, b) => a + b, 0), 0);
  return (ns * Math.max(1, batch)) / 1e9;
}

function checkCase({ id, status, reasons }: Check): Case {
  const kind = status === 'fail' ? 'failure' : status === 'inconclusive' || status === 'skipped' ? 'skipped' : null;
  const text = reasons.map(({ code, detail }) => [code, detail].filter(Boolean).join(': ')).join('\n');
  const message = `${status}${text === '' ? '' : `: ${text.replaceAll('\n', '; ')}`}`;
  return {
    ...{ name: id, suite: 'checks', seconds: null },
    outcome: kind && { kind, type: reasons[0]?.code ?? status, message },
    text: kind === null && text !== '' ? `${status}\n${text}` : text,
  };
}

const counts = (cases: readonly Case[]) => {
  const of = (kind: string) => cases.filter(({ outcome }) => outcome?.kind === kind).length;
  return { tests: cases.length, failures: of('failure'), errors: 0, skipped: of('skipped') };
};

function suite(name: string, { startedAt, device, tool }: Result, cases: readonly Case[]) {
  const properties = Object.entries({
    device: device.name,
    driver: device.driver ?? 'unknown',
    backend: device.backend,
    'software adapter': String(device.software),
    tool: `${tool.name} ${tool.version}`,
  }).map(([key, value]) => `      <property${attributes({ name: key, value })}/>\n`);
  const xml = [
    `  <testsuite${attributes({ name, ...counts(cases), timestamp: startedAt.replace(/\.\d+Z$/, 'Z') })}>\n`,
    `    <properties>\n${properties.join('')}    </properties>\n`,
    ...cases.map(caseXml),
    '  </testsuite>\n',
  ].join('');
  return { cases, xml };
}

function caseXml({ name, suite: classname, seconds, outcome, text }: Case): string {
  const open = `    <testcase${attributes({ name, classname, ...(seconds !== null && { time: seconds.toFixed(3) }) })}`;
  if (outcome) {
    const { kind, type, message } = outcome;
    return `${open}>\n      <${kind}${attributes({ type, message })}>${escapeText(text)}</${kind}>\n    </testcase>\n`;
  }
  if (text !== '') return `${open}>\n      <system-out>${escapeText(text)}</system-out>\n    </testcase>\n`;
  return `${open}/>\n`;
}

/** Characters that XML 1.0 forbids (section 2.2) are replaced before the rest is escaped. */
const escapeText = (text: string) => escapeHtml(text).replaceAll('\r', '&#13;');

/** A parser makes spaces of line breaks and tabs in an attribute (section 3.3.3) unless they are references. */
function attributes(values: Readonly<Record<string, string | number>>): string {
  const lasting = (text: string) => escapeText(text).replaceAll('\n', '&#10;').replaceAll('\t', '&#9;');
  return Object.entries(values)
    .map(([key, value]) => ` ${key}="${lasting(String(value))}"`)
    .join('');
}
