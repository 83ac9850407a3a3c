import jsqr from 'jsqr';
import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { DOES_NOT_PROVE, PROVES, subjectOf } from '../../../reports/certificate/index.js';
import { renderCertificate } from '../../../reports/html/certificate.js';
import { qrCode } from '../../../reports/html/qr.js';
import type { Result } from '../../../reports/schema.js';
import { hardwareResult, sampleResult, sampleVerdict } from '../sample.js';
import { certified, seller } from './sample.js';

interface Element {
  readonly textContent: string;
  getAttribute(name: string): string | null;
  querySelector(selector: string): Element | null;
  querySelectorAll(selector: string): Iterable<Element>;
}
const parse = (page: string) => parseHTML(page).document as unknown as Element;
const texts = (of: Element, selector: string) =>
  [...of.querySelectorAll(selector)].map((e) => e.textContent.replaceAll('\u00a0', ' '));
const files = { result: 'results/r.json', certificate: 'results/r.cert.json' };

function pageOf(result: Result, changes: Parameters<typeof certified>[1] = {}): string {
  const made = certified(result, changes);
  return renderCertificate(made, made.built, files);
}

/** Pixels of a drawing that is made of `M x y h n v1 H x z`, white elsewhere; four for a module. */
function pixels(svg: Element): { data: Uint8ClampedArray; size: number } {
  const modules = Number(svg.getAttribute('viewBox')?.split(' ')[2]);
  const size = 4 * modules;
  const data = new Uint8ClampedArray(4 * size * size).fill(255);
  const path = svg.querySelector('path')?.getAttribute('d') ?? '';
  for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)v1H\1z/g))
    for (let row = 4 * Number(y); row < 4 * Number(y) + 4; row++)
      for (let column = 4 * Number(x); column < 4 * (Number(x) + Number(width)); column++)
        data.fill(0, 4 * (row * size + column), 4 * (row * size + column) + 3);
  return { data, size };
}

/** By jsQR, which is not what drew it. */
function decoded(svg: Element): string | undefined {
  const { data, size } = pixels(svg);
  return jsqr.default(data, size, size)?.data;
}

describe('the QR code', () => {
  test('on the page is the digest of the result', () => {
    const made = certified(hardwareResult());
    const svg = parse(renderCertificate(made, made.built, files)).querySelector('svg.qr') as Element;
    expect(decoded(svg)).toBe(`sha256:${subjectOf(made.statement)}`);
    expect(texts(svg, 'title')).toEqual(['QR code of the result’s SHA-256']);
  });

  test.each(['a', 'A1 $%*+-./:', 'ä€😀', '<&">', 'f'.repeat(500)])('of %s is read as that', (text) => {
    const svg = parse(`<!doctype html><body>${qrCode(text, 't').html}</body>`).querySelector('svg') as Element;
    expect(decoded(svg)).toBe(text);
  });
});

describe('the page', () => {
  const page = pageOf(hardwareResult());
  const document = parse(page);
  const shown = texts(document, 'body').join();

  test('names card, digest, key, times, challenge and journal', () => {
    expect(texts(document, 'h1')).toEqual(['NVIDIA GeForce RTX 3090']);
    const { statement } = certified(hardwareResult());
    const digits = texts(document, '.hex').map((text) => text.replace(/\s/g, ''));
    expect(digits).toEqual([subjectOf(statement), seller.public.fingerprint]);
    for (const words of [
      ...['certificate of measurement', '10de:2204', '1458:403b', '94.02.26', '24 GiB', 'b2f1 for the 3090'],
      ...[
        '24 November 2026, 12:00:00 UTC',
        'until 24 December 2026',
        statement.predicate.journal?.sha256Head as string,
      ],
    ])
      expect(shown).toContain(words);
  });

  test('says what it proves and what it does not, and how to check it', () => {
    for (const sentence of [...PROVES, ...DOES_NOT_PROVE]) expect(shown).toContain(sentence);
    expect(texts(document, '.commands')[0]).toBe(
      "assay verify r.cert.json r.json --fingerprint HEX --challenge 'b2f1 for the 3090'\nsha256sum r.json",
    );
  });

  test('shows no rate without interval and status', () => {
    const rows = [...document.querySelectorAll('section[aria-labelledby=figures] tbody tr')];
    expect(rows.length).toBeGreaterThan(3);
    for (const row of rows) expect(texts(row, '.status')[0]).toMatch(/^(valid|unreliable)$/);
  });

  test('stands alone, is the same for the same certificate, and is a sheet of A4', () => {
    expect(pageOf(hardwareResult())).toBe(page);
    expect(page.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(
      /<script|https?:|@import|url\((?!#)|<link|<img/,
    );
    expect(page).toContain('size: A4');
    const ids = [...document.querySelectorAll('[id]')].map((e) => e.getAttribute('id'));
    expect(new Set(ids).size).toBe(ids.length);
    for (const label of document.querySelectorAll('[aria-labelledby]'))
      expect(ids).toContain(label.getAttribute('aria-labelledby'));
  });

  test('of a software adapter and of an unfinished run says so first', () => {
    expect(pageOf(sampleResult())).toMatch(/<body>\s*<aside class="notice">[\s\S]*?Software adapter/);
    expect(texts(parse(pageOf({ ...hardwareResult(), finishedAt: null })), 'aside')[0]).toContain('did not finish');
  });

  test('of a qualification has verdict, grade and checks', () => {
    const result = hardwareResult();
    result.verdict = sampleVerdict({ overall: 'PASS', grade: 'B' });
    result.checks = [{ id: 'memory', status: 'pass', reasons: [{ code: 'rehearsal', detail: '97 %' }], figures: {} }];
    const qualified = parse(pageOf(result));
    expect(texts(qualified, '.verdict span')).toEqual(['PASS', 'Grade B']);
    for (const words of [
      'certificate of qualification',
      'Its 6 GiB hold Etchash',
      'rehearsal: A software adapter',
      '97 %',
      'Policy',
    ])
      expect(texts(qualified, 'body')[0]).toContain(words);
    expect(texts(qualified, 'body')[0]).not.toContain('no verdict');
  });

  test('of a result with nothing in it is a page all the same', () => {
    const empty = pageOf({ ...hardwareResult(), measurements: [] }, { challenge: null, validUntil: null });
    expect(empty).not.toMatch(/undefined|NaN|\[object/);
    expect(texts(parse(empty), 'body')[0]).toMatch(/without end[\s\S]*none was asked for/);
  });

  test('hostile names stay text', () => {
    const hostile = `"><script>alert(1)</script><img src=x onerror='x'>&\u0000\u202e`;
    const result = hardwareResult();
    Object.assign(result.device, { name: hostile, vendor: hostile, driver: hostile });
    Object.assign(result.tool, { version: hostile, commit: hostile });
    result.verdict = sampleVerdict({ because: [hostile], challenge: hostile, fault: hostile });
    result.checks = [{ id: hostile, status: 'pass', reasons: [{ code: hostile, detail: hostile }], figures: {} }];
    const made = certified(result, { name: hostile });
    const text = renderCertificate(made, made.built, { result: hostile, certificate: `a'b ${hostile}` });
    for (const forbidden of ['<script', '<img', '\u0000', '\u202e']) expect(text).not.toContain(forbidden);
    expect(texts(parse(text), 'h1')[0]).toContain('<script>alert(1)</script>');
  });
});
