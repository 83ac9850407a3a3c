import { escapeHtml } from '../html/markup.js';

/** What JUnit XML of a result, a check and a comparison have in common: within junit-10.xsd of Jenkins' xUnit plugin. */
export interface JunitCase {
  readonly name: string;
  readonly suite: string;
  /** Seconds that were timed; null where nothing was, or it is not known. */
  readonly seconds: number | null;
  readonly outcome: {
    readonly kind: 'failure' | 'skipped' | 'error';
    readonly type: string;
    readonly message: string;
  } | null;
  /** What happened and the next step, a line each. */
  readonly text: string;
}

export interface JunitSuite {
  readonly name: string;
  /** ISO 8601. */
  readonly timestamp: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly cases: readonly JunitCase[];
}

/** The document. Its root has no `skipped` in the schema. */
export function junitXml(name: string, suites: readonly JunitSuite[]): string {
  const { tests, failures, errors } = counts(suites.flatMap(({ cases }) => cases));
  const totals = attributes({ name, tests, failures, errors });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${totals}>\n${suites.map(suiteXml).join('')}</testsuites>\n`;
}

const counts = (cases: readonly JunitCase[]) => {
  const of = (kind: string) => cases.filter(({ outcome }) => outcome?.kind === kind).length;
  return { tests: cases.length, failures: of('failure'), errors: of('error'), skipped: of('skipped') };
};

function suiteXml({ name, timestamp, properties, cases }: JunitSuite): string {
  const lines = Object.entries(properties).map(
    ([key, value]) => `      <property${attributes({ name: key, value })}/>\n`,
  );
  return [
    `  <testsuite${attributes({ name, ...counts(cases), timestamp: timestamp.replace(/\.\d+Z$/, 'Z') })}>\n`,
    `    <properties>\n${lines.join('')}    </properties>\n`,
    ...cases.map(caseXml),
    '  </testsuite>\n',
  ].join('');
}

function caseXml({ name, suite: classname, seconds, outcome, text }: JunitCase): string {
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
