import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { historyOf, type StoredResult } from '../../reports/history.js';
import { renderHistoryPage } from '../../reports/html/history-page.js';
import type { Measurement, Result } from '../../reports/schema.js';
import { dailyResults, failed } from './history-sample.js';
import { hostileResult } from './hostile.js';
import { sampleResult } from './sample.js';

interface Element {
  readonly textContent: string;
  getAttribute(name: string): string | null;
  querySelectorAll(selector: string): Iterable<Element>;
}
const parse = (page: string) => parseHTML(page).document as unknown as Element;
const all = (of: Element, selector: string) => [...of.querySelectorAll(selector)];
const texts = (of: Element, selector: string) => all(of, selector).map((e) => e.textContent.replaceAll('\u00a0', ' '));
const pageOf = (stored: Iterable<StoredResult>) => {
  const { files, ...rest } = historyOf(stored);
  return renderHistoryPage({ ...rest, files: { ...files, others: { 'assay.check/1': 2 }, refused: [] } });
};

const first = (result: Result) => result.measurements[0] as Measurement;
/** Twenty runs: slower from the twelfth on, the sixth unreliable, the ninth failed. */
const stored = dailyResults({
  ...{ runs: 20, factor: (run: number) => (run >= 12 ? 0.9 : 1) },
  change: (result, run) => {
    if (run === 5) Object.assign(first(result), { status: 'unreliable', reasons: [{ code: 'drift', detail: '' }] });
    if (run === 8) result.measurements = [failed(first(result))];
  },
});
const page = pageOf(stored);
const document = parse(page);

describe('the page of a history', () => {
  test('stands alone: no script, no address, nothing fetched', () => {
    expect(all(document, 'script, link, img, iframe, object, embed, form')).toEqual([]);
    expect(page.match(/\s(?:src|href|xlink:href|action|on\w+)=/g)).toBeNull();
    expect(page.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|@import|url\((?!#)/);
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  });

  test('is the same for the same history', () => {
    expect(pageOf(stored.toReversed())).toBe(page);
  });

  test('gives every identifier once, every picture a name, every heading of a table its scope', () => {
    const ids = all(document, '[id]').map((e) => e.getAttribute('id'));
    expect(new Set(ids).size).toBe(ids.length);
    for (const e of all(document, '[aria-labelledby]')) expect(ids).toContain(e.getAttribute('aria-labelledby'));
    for (const svg of all(document, 'svg'))
      expect(
        svg.getAttribute('role') === 'img' ? texts(svg, 'title')[0] : svg.getAttribute('aria-hidden'),
      ).toBeTruthy();
    for (const th of all(document, 'th')) expect(th.getAttribute('scope')).toMatch(/^(col|row)$/);
  });

  test('draws a filled point for each valid run, a hollow one for the unreliable one, a cross for the failed one', () => {
    for (const chart of all(document, 'figure .chart')) {
      const circles = all(chart, 'circle');
      expect(circles).toHaveLength(19);
      expect(circles.filter((c) => c.getAttribute('fill') === 'var(--paper)')).toHaveLength(1);
      expect(all(chart, '[aria-label=dot] path')).toHaveLength(1);
    }
    expect(all(document, 'figure .chart')).toHaveLength(2);
    expect(texts(document, '.key li')).toContain('hollow: unreliable');
  });

  test('marks the change in both charts by its number and direction, and tells of it in the table', () => {
    for (const chart of all(document, 'figure .chart')) expect(texts(chart, 'text')).toContain('▼ 1');
    expect(texts(document, 'table.measurements tr.row')[0]).toMatch(/^1 · 2026-10-13slowerassay\/tiled/);
    expect(texts(document, 'table.measurements tr.why')[0]).toContain('suspect the machine');
    expect(texts(document, 'figure title')[0]).toMatch(/19 runs; newest .*, valid; change 1, slower, 2026-10-13\./);
  });

  test('says what has no figure, what was left out, and where the runs come from', () => {
    expect(texts(document, 'dt')).toContain('failed: wrong result');
    expect(page).toContain('2 files of another kind (assay.check/1) left out.');
    expect(all(document, 'details tbody tr')).toHaveLength(20);
  });

  test('marks software adapters', () => {
    expect(texts(document, '.notice')).toEqual([]);
    const software = parse(pageOf(dailyResults({ runs: 3, base: sampleResult })));
    expect(texts(software, '.notice')[0]).toContain('these figures say nothing about hardware');
  });

  test('no name breaks it, and neither does a history without a figure', () => {
    const hostile = Array.from({ length: 7 }, (_, i) => ({
      ...{ file: `<b>${i}`, result: { ...hostileResult(), id: `<script>${i}` } },
    }));
    const shown = pageOf(hostile);
    expect(all(parse(shown), 'script, b:not(.kicker b), img')).toEqual([]);
    expect(shown).not.toMatch(/[\u202a-\u202e]|(?![\t\n\r])\p{Cc}|\p{Surrogate}/u);
    expect(pageOf([])).toContain('No series changed its level.');
  });

  test('of many runs it draws the newest 200', () => {
    const many = Array.from({ length: 250 }, (_, i) => {
      const [{ result }] = dailyResults({ runs: 1, seed: i }) as [StoredResult];
      const startedAt = new Date(Date.UTC(2026, 0, 1) + i * 3600e3).toISOString();
      return { file: `${i}`, result: { ...result, id: `r${i}`, startedAt, finishedAt: null } };
    });
    const shown = parse(pageOf(many));
    expect(all(all(shown, 'figure .chart')[0] as Element, 'circle')).toHaveLength(200);
    expect(texts(shown, '.quiet').join()).toContain(
      '250 runs, side by side in the order of time, the newest 200 of them',
    );
  });
});
