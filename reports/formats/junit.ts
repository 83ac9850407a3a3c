import { groupByWorkload, isVerified } from '../groups.js';
import { explainReason, reasonLabel, statusText } from '../reasons.js';
import { type Check, isNote, type Measurement, type Result } from '../schema.js';
import type { Exporter } from './exporter.js';
import { type JunitCase, type JunitSuite, junitXml } from './junit-xml.js';

/**
 * JUnit XML as Jenkins, GitLab and GitHub's test reporters read it, within junit-10.xsd of Jenkins' xUnit plugin. It
 * says what is right, not what is fast: a suite for each workload, a test case for each implementation. Failed is a
 * failure; skipped, and a figure that nobody verified, is skipped; unreliable is right, with a note in `system-out`. The
 * checks of a qualification are a suite of their own: `fail` is a failure, `inconclusive` is no answer and so skipped.
 */
export const junitExporter: Exporter = {
  name: 'junit',
  extension: 'xml',
  render: (result) =>
    junitXml(`assay ${result.suite}`, [
      ...groupByWorkload(result).map(({ workload, measurements }) =>
        suite(workload, result, measurements.map(measurementCase)),
      ),
      ...(result.checks.length > 0 ? [suite('checks', result, result.checks.map(checkCase))] : []),
    ]),
};

function measurementCase(m: Measurement): JunitCase {
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

function checkCase({ id, status, reasons }: Check): JunitCase {
  const kind = status === 'fail' ? 'failure' : status === 'inconclusive' || status === 'skipped' ? 'skipped' : null;
  const text = reasons.map(({ code, detail }) => [code, detail].filter(Boolean).join(': ')).join('\n');
  const message = `${status}${text === '' ? '' : `: ${text.replaceAll('\n', '; ')}`}`;
  return {
    ...{ name: id, suite: 'checks', seconds: null },
    outcome: kind && { kind, type: reasons[0]?.code ?? status, message },
    text: kind === null && text !== '' ? `${status}\n${text}` : text,
  };
}

function suite(name: string, result: Result, cases: readonly JunitCase[]): JunitSuite {
  return { name, timestamp: result.startedAt, properties: junitProperties(result), cases };
}

/** On what, and by what. */
export const junitProperties = ({ device, tool }: Pick<Result, 'device' | 'tool'>): Record<string, string> => ({
  device: device.name,
  driver: device.driver ?? 'unknown',
  backend: device.backend,
  'software adapter': String(device.software),
  tool: `${tool.name} ${tool.version}`,
});
