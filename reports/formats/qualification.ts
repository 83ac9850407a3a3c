import colours from 'picocolors';
import { keyFigures, missingWords, reasonWords, rehearsalWords } from '../qualification.js';
import type { Check, Result } from '../schema.js';
import { formatBytes, formatRate } from '../units.js';
import type { Verdict } from '../verdict.js';
import { wrapIndented } from './layout.js';

export interface QualificationTableOptions {
  readonly width: number;
  readonly colour: boolean;
}

const STATUS_WIDTH = 14;
const INDENT = 13;

/** A qualification for a terminal: its checks with figures and reasons, then the verdicts in words. */
export function qualificationTable(result: Result, { width, colour }: QualificationTableOptions): string {
  const paint = colours.createColors(colour);
  const { verdict, device, checks } = result;
  const line = (text: string, indent = 0) => wrapIndented(text, width, indent);
  const tint = (status: Check['status']) =>
    ({ pass: paint.green, warn: paint.yellow, fail: paint.red, inconclusive: paint.yellow, skipped: paint.dim })[
      status
    ];
  const blocks: string[] = [line([device.name, device.driver, device.backend].filter(Boolean).join(', '))];
  const rehearsal = rehearsalWords(result);
  if (rehearsal) blocks.push(paint.red(line(rehearsal)));
  const rows = checks.flatMap((check) => {
    const figures = keyFigures(check).join(', ');
    const pad = ' '.repeat(INDENT);
    const head = `${check.id.padEnd(INDENT)}${tint(check.status)(check.status.padEnd(STATUS_WIDTH))}`;
    const under = (text: string) => `${pad}${line(text, INDENT).replace(/^ +/, '')}`;
    // The first line has the head in front, so figures begin below it when they are long.
    const brief = figures !== '' && INDENT + STATUS_WIDTH + figures.length <= width;
    return [
      `${head}${brief ? figures.replaceAll('\u00a0', ' ') : ''}`.trimEnd(),
      ...(brief || figures === '' ? [] : [under(figures)]),
      ...reasonWords(check).map(({ code, sentence, detail }) =>
        paint.dim(under(`${code}: ${sentence}${detail && ` (${short(detail)})`}`)),
      ),
    ];
  });
  blocks.push(rows.join('\n') || 'No check was finished.');
  if (verdict) blocks.push(...verdictBlocks(verdict, line, paint));
  return `${blocks.join('\n\n')}\n`;
}

/** A dead worker's last words may be long. */
const short = (detail: string) => {
  const [first = ''] = detail.split('\n');
  return first.length > 300 ? `${first.slice(0, 299)}…` : first;
};

function verdictBlocks(
  verdict: Verdict,
  line: (text: string, indent?: number) => string,
  paint: ReturnType<typeof colours.createColors>,
): string[] {
  const { overall, grade, because, mining, ai, policy, level } = verdict;
  const colour = { PASS: paint.green, FAIL: paint.red, INCONCLUSIVE: paint.yellow }[overall];
  const title = `${overall}${grade === null ? '' : `, grade ${grade}`}${verdict.rehearsal ? ', of a REHEARSAL' : ''}`;
  return [
    [
      paint.bold(colour(title)),
      line(`level ${level}, policy ${policy.name}`),
      ...because.map((text) => line(`- ${short(text)}`, 2)),
    ].join('\n'),
    [line(`Mining: ${mining.words}`, 2), ...missingLine(mining.missing, line)].join('\n'),
    [line(`AI: ${ai.words}`, 2), ...missingLine(ai.missing, line)].join('\n'),
  ];
}

function missingLine(missing: readonly string[], line: (text: string, indent?: number) => string): string[] {
  return missing.length === 0 ? [] : [`  ${line(missingWords(missing), 2)}`];
}

/** What a model or an algorithm needs, and at what rate it was measured. */
export const needsText = (needsBytes: number) => (needsBytes === 0 ? 'hardly any' : formatBytes(needsBytes));
export const hashText = (value: number | null) =>
  value === null ? 'not measured' : formatRate({ value, unit: 'hash/s' });
