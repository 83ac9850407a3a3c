import type { Measurement, Result } from '../../reports/schema.js';
import { sampleResult } from './sample.js';

/** Names that break what does not escape: XML, CSV, Markdown, JSON readers, spreadsheets, terminals. */
export const hostileNames = [
  'quotes " \' and <tags a="b"> & ]]> <!-- -->',
  'commas, semicolons; and\ttabs',
  'lines\nof\r\nthree',
  'controls \u0000\u0001\u0008\u001b[2J\u007f\u0085\u009b',
  'direction \u202egpj.exe\u202c \u2066x\u2069 \u200f',
  'not characters \ufffe\uffff \ud800 \udc00',
  'beyond the plane 𝔊𝔓𝔘 👩‍🚀 é ü',
  "=cmd|' /C calc'!A0",
  '+1+1',
  '-2+3',
  '@SUM(1+1)',
  '\t=1+1',
  '| pipes | and \\| backslashes \\\\| \\',
  '`code` ``` ```` fences',
  '**bold** _it_ [link](javascript:alert(1)) ![i](x) <script>alert(1)</script> @somebody #1 https://x.example',
  '# heading\n---\n- item\n> quote',
  '  spaces at the ends  ',
  '',
  '__proto__',
  'constructor',
  '𝔏'.repeat(700),
  'x-bencher-ignore',
  'NaN',
] as const;

/** The sample with every free text replaced, in turn, by each of the hostile names. */
export function hostileResult(): Result {
  const result = sampleResult();
  const { measurements } = result;
  const templates = ['valid', 'unreliable', 'failed', 'skipped'].map(
    (status) => measurements.find((m) => m.status === status) as Measurement,
  );
  result.measurements = hostileNames.flatMap((name) =>
    templates.map((template, i): Measurement => {
      const m = structuredClone(template);
      const rate = m.rate && { ...m.rate, unit: name };
      const reasons = m.reasons.map(({ code }) => ({ code, detail: name }));
      return { ...m, workload: name, implementation: `${name}${i}`, provenance: name, rate, reasons };
    }),
  );
  const [nasty] = hostileNames;
  const all = hostileNames.join(' ');
  Object.assign(result.device, { name: all, driver: all, backend: nasty });
  Object.assign(result, { suite: all, tool: { ...result.tool, version: all, commit: nasty } });
  result.checks = hostileNames.map((name, i) => ({
    id: name,
    status: (['pass', 'warn', 'fail', 'inconclusive', 'skipped'] as const)[i % 5] as 'pass',
    reasons: [{ code: name, detail: name }],
    figures: {},
  }));
  return result;
}

/** A long suite: a thousand measurements, no two of the same name. */
export function longResult(count = 1000): Result {
  const result = sampleResult();
  const { measurements } = result;
  result.measurements = Array.from({ length: count }, (_, i) => ({
    ...structuredClone(measurements[i % measurements.length] as Measurement),
    workload: `matmul/f32/m${i}-n1-k1`,
  }));
  return result;
}
