import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { chartMargins, type RateChart, rateChart, rateRows, showsCeiling } from '../../reports/html/charts.js';
import { escapeHtml, html, Markup, prose } from '../../reports/html/markup.js';
import { renderPage } from '../../reports/html/page.js';
import type { Measurement, Result } from '../../reports/schema.js';
import { hardwareResult, sampleResult } from './sample.js';

interface Element {
  readonly textContent: string;
  getAttribute(name: string): string | null;
  querySelectorAll(selector: string): Iterable<Element>;
}
const parse = (page: string) => parseHTML(page).document as unknown as Element & { readonly title: string };
const all = (of: Element, selector: string) => [...of.querySelectorAll(selector)];
const texts = (of: Element, selector: string) => all(of, selector).map((e) => e.textContent.replaceAll('\u00a0', ' '));

const page = renderPage(sampleResult());
const document = parse(page);

describe('the page', () => {
  test('stands alone: no script, no address, nothing fetched', () => {
    expect(all(document, 'script, link, img, iframe, object, embed, form')).toEqual([]);
    const attributes = page.match(/\s(?:src|href|xlink:href|action|on\w+)=/g);
    expect(attributes).toBeNull();
    expect(page.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|@import|url\((?!#)/);
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  });

  test('is the same for the same result', () => {
    expect(renderPage(sampleResult())).toBe(page);
  });

  test('names its language, title and width', () => {
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(document.title).toBe('llvmpipe (LLVM 19.1.7, 256 bits), quick: Assay');
    expect(all(document, 'meta[name=viewport]')).toHaveLength(1);
    expect(texts(document, 'h1')).toEqual(['llvmpipe (LLVM 19.1.7, 256 bits)']);
  });

  test('gives every identifier once and refers only to those it gives', () => {
    const ids = all(document, '[id]').map((e) => e.getAttribute('id'));
    expect(new Set(ids).size).toBe(ids.length);
    const labels = all(document, '[aria-labelledby]').map((e) => e.getAttribute('aria-labelledby'));
    const fills = [...page.matchAll(/url\(#([\w-]+)\)/g)].map((match) => match[1]);
    for (const id of [...labels, ...fills]) expect(ids).toContain(id);
  });

  test('gives every table heading its scope, the large table a caption, every picture a name', () => {
    for (const th of all(document, 'th')) expect(th.getAttribute('scope')).toMatch(/^(col|row|rowgroup)$/);
    expect(texts(document, 'table.measurements caption')).toEqual([
      '18 measurements: 11 valid, 2 unreliable, 1 failed, 4 skipped.',
    ]);
    for (const svg of all(document, 'svg'))
      expect(
        svg.getAttribute('role') === 'img' ? texts(svg, 'title')[0] : svg.getAttribute('aria-hidden'),
      ).toBeTruthy();
  });

  test('shows no rate without its status beside it', () => {
    for (const tr of all(document, 'tr.row').filter((row) => texts(row, 'td.rate')[0]?.includes('/s')))
      expect(texts(tr, '.status')[0]).toMatch(/^(valid|unreliable)$/);
    for (const li of all(document, '.headlines li')) expect(texts(li, '.status')[0]).toMatch(/^(valid|unreliable)$/);
  });

  test('says why in sentences, code set as code', () => {
    const why = texts(document, 'tr.why');
    expect(why).toContainEqual(expect.stringContaining('element 4711 of seed 2: expected -3.25, got 0.'));
    expect(page).toContain('raise <code>--rounds</code>');
    expect(page).not.toContain('`');
  });

  test('says how long each took to compile and what it holds on the device, where it is known', () => {
    const result = sampleResult();
    Object.assign(result.measurements[0] as Measurement, { compileMs: 6210, deviceBytes: 8_659_200 });
    const shown = parse(renderPage(result));
    const [first] = all(shown, 'tr.row').filter((row) => row.textContent.includes('6.21'));
    expect(first?.textContent).toMatch(/^assay\/naive/);
    expect(texts(shown, 'dd')).toContain('8.3 MiB, all input sets included');
    expect(texts(shown, 'dt').filter((term) => term === 'Device memory')).toHaveLength(1);
    // One term for each of ours that was timed; baselines do not tell.
    expect(texts(shown, 'dt').filter((term) => term === 'Compiling')).toHaveLength(9);
  });

  test('gathers a workload that was skipped whole', () => {
    expect(texts(document, 'tr.row th')).toContain('assay/naive, assay/tiled, assay/subgroup-matrix');
  });
});

describe('on a software adapter', () => {
  test('the first thing on the page says that it is one', () => {
    expect(page).toMatch(
      /<body>\s*<aside class="notice">[\s\S]*?Software adapter: these figures say nothing about hardware\./,
    );
  });

  test('and on hardware nothing does', () => {
    const hardware = renderPage(hardwareResult());
    expect(hardware).not.toMatch(/class="notice"|oftware adapter/);
    expect(hardware).toContain('10de:2204');
  });
});

test('an unfinished run says so first', () => {
  const unfinished = renderPage({ ...hardwareResult(), finishedAt: null });
  expect(texts(parse(unfinished), 'aside')[0]).toContain('This run did not finish.');
});

describe('hostile names', () => {
  const hostile = `"><script>alert(1)</script><img src=x onerror='x'>&\u0000\u202e\ud800]]>-->`;
  /** Puts the text into every string of the result that a file may choose freely. */
  function poisoned(): Result {
    const result = hardwareResult();
    Object.assign(result, { id: hostile, suite: hostile });
    for (const part of [result.tool, result.host, result.device]) {
      const strings = Object.entries(part).filter(([, value]) => typeof value === 'string');
      Object.assign(part, Object.fromEntries(strings.map(([field]) => [field, hostile])));
    }
    result.device.features = [hostile];
    result.device.limits = { [hostile]: 1 };
    result.device.toggles.disabled = [hostile];
    result.events = [{ tMs: 1, code: hostile, detail: hostile }];
    result.checks = [
      { id: hostile, status: 'pass', reasons: [{ code: hostile, detail: hostile }], figures: {}, evidence: hostile },
    ];
    for (const [i, m] of result.measurements.entries()) {
      Object.assign(m, {
        workload: `${hostile}/f32/${m.workload}`,
        implementation: `${hostile}${i}`,
        provenance: hostile,
      });
      Object.assign(m.correctness, { method: hostile });
      for (const reason of m.reasons) reason.detail = hostile;
      if (m.rate) m.rate.unit = hostile;
      if (m.ceiling) m.ceiling.of = hostile;
      if (m.versusBaseline) m.versusBaseline.peer = hostile;
      m.tuning = { [hostile]: 1 };
    }
    return result;
  }

  test('stay text wherever they stand', () => {
    const text = renderPage(poisoned());
    expect(text.match(/.{0,40}(?:<script|<img|[^\n\r\t\P{Cc}]|[\u202e\p{Surrogate}])/u)).toBeNull();
    const elements = (markup: string) =>
      new Set(all(parse(markup), '*').map((e) => (e as unknown as { localName: string }).localName));
    const known = elements(page);
    for (const name of elements(text)) expect([...known, 'p', 'td']).toContain(name);
    expect(texts(parse(text), 'h1')[0]).toContain('<script>alert(1)</script>');
  });

  test('escapeHtml is safe in text and in attributes', () => {
    expect(escapeHtml(`<a href="x" title='y'>&amp;`)).toBe('&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;');
    expect(escapeHtml('a\u0000b\u202ec\ud800')).toBe('a\ufffdb\ufffdc\ufffd');
    expect(escapeHtml('naïve ≤ 😀\n')).toBe('naïve ≤ 😀\n');
  });
});

describe('html', () => {
  test('escapes values, keeps markup, joins lists and leaves nothing for nothing', () => {
    const list = ['a', '<b>'].map((text) => html`<li>${text}</li>`);
    expect(html`<ul>${list}</ul>${null}${undefined}${false}${0}`.html).toBe('<ul><li>a</li><li>&lt;b&gt;</li></ul>0');
    expect(html`${new Markup('<i>')}`.html).toBe('<i>');
  });

  test('prose sets code between backticks and leaves an odd one alone', () => {
    expect(prose('use `a<b` now').html).toBe('use <code>a&lt;b</code> now');
    expect(prose('a ` b').html).toBe('a ` b');
  });
});

describe('the rate chart', () => {
  const measurements = sampleResult().measurements.slice(0, 6);
  const chart: RateChart = { rows: rateRows(measurements), unit: 'flop/s', ceiling: { of: 'fma-f32/t1', value: 43e9 } };
  const svg = rateChart('c', 'Title.', chart, 'wide').html;

  test('labels every implementation, and says in words what has no rate or is doubtful', () => {
    const labels = texts(parse(`<body>${svg}</body>`), 'text');
    for (const m of measurements) expect(labels).toContain(m.implementation);
    expect(labels).toContain('failed: wrong result');
    expect(labels.filter((text) => text.endsWith('unreliable'))).toHaveLength(1);
    expect(labels).toContain('ceiling: fma-f32');
  });

  test('tells baselines by a pattern and the doubtful by an outline, not by colour alone', () => {
    expect(svg.match(/fill="url\(#hatch\)"/g)).toHaveLength(2);
    expect(
      svg.match(/<g[^>]*fill="var\(--(?:ours|peer)\)"[^>]*>|<g[^>]*stroke-dasharray="4 3"[^>]*>/g),
    ).not.toHaveLength(0);
  });

  test('has ticks in one unit, said once', () => {
    const ticks = texts(parse(`<body>${svg}</body>`), '[aria-label="x-axis tick label"] text');
    expect(ticks).toEqual(['0', '20', '40', '60 GFLOP/s']);
  });

  test('leaves a far ceiling to words', () => {
    expect(showsCeiling(chart)).toBe(true);
    expect(showsCeiling({ ...chart, ceiling: { of: 'x', value: 300e9 } })).toBe(false);
    expect(showsCeiling({ ...chart, ceiling: null })).toBe(false);
    const far = sampleResult();
    for (const m of far.measurements) if (m.ceiling) Object.assign(m.ceiling, { value: 1e15, fraction: 1e-5 });
    expect(renderPage(far).replaceAll('\u00a0', ' ')).toContain(
      'The ceiling, 1.00 PFLOP/s (fma-f32/t65536-r1024), lies beyond this chart',
    );
  });

  test('draws rates of nothing and names of any length', () => {
    const m = measurements[0] as Measurement;
    const long = { ...m, implementation: 'x'.repeat(500), rate: { value: 0, unit: 'flop/s', low: 0, high: 0 } };
    const rows = rateRows([long]);
    expect(chartMargins([{ rows, unit: 'flop/s', ceiling: null }]).left).toBeLessThanOrEqual(270);
    expect(rateChart('d', '', { rows, unit: 'flop/s', ceiling: null }, 'narrow').html).not.toMatch(/NaN|Infinity/);
  });
});

test('a result in which nothing was measured still makes a page', () => {
  const empty = renderPage({ ...hardwareResult(), measurements: [] });
  expect(empty).toContain('No measurement gave a rate.');
  expect(empty).not.toMatch(/NaN|Infinity|undefined/);
});
