import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { renderPage } from '../../reports/html/page.js';
import { peaksOf } from '../../reports/html/peaks.js';
import { sceneOf } from '../../reports/html/roofline-scene.js';
import { rooflinesSection } from '../../reports/html/rooflines.js';
import { findCard } from '../../reports/index.js';
import { rooflineOf } from '../../reports/roofline.js';
import type { Measurement, Result } from '../../reports/schema.js';
import { ceilingOf, placed, rooflineMeasurements, rooflineResult } from './roofline-sample.js';
import { hardwareResult, sampleResult } from './sample.js';

interface Element {
  readonly textContent: string;
  querySelectorAll(selector: string): Iterable<Element>;
}
const parse = (markup: string) => parseHTML(`<!doctype html><body>${markup}</body>`).document as unknown as Element;
const texts = (of: Element, selector: string) =>
  [...of.querySelectorAll(selector)].map((e) => e.textContent.replaceAll('\u00a0', ' '));
const section = (result: Result) => rooflinesSection(result).html;
const withMeasurements = (...measurements: Measurement[]) => ({ ...hardwareResult(), measurements });
const fma = { of: ['fma-f32/n1'], value: 1e12 };
const copy = { of: ['copy/n1'], value: 1e11 };
const matmul = (more: object = {}) =>
  placed({
    workload: 'matmul/f32/m1-n1-k1',
    kind: 'float',
    perByte: 40,
    rate: 5e11,
    compute: fma,
    memory: copy,
    ...more,
  });

describe('the rooflines of a known card', () => {
  const markup = section(rooflineResult());
  const document = parse(markup);

  test('one chart for floating point and one for integer work, each wide and narrow', () => {
    expect(texts(document, 'h3')).toEqual(['Floating point', 'Integer work', 'Reference peaks']);
    expect(texts(document, 'figure svg title')).toHaveLength(4);
    expect(markup).toContain('id="roofline-float-wide"');
    expect(markup).toContain('id="roofline-integer-narrow"');
  });

  test('labels measured roofs with their figures, references as such', () => {
    const labels = texts(document, '#roofline-float-wide text');
    for (const label of ['copy 841 GB/s', 'fma-f32 34.1 TFLOP/s', 'reference: f32 35.6 TFLOP/s'])
      expect(labels).toContain(label);
    expect(labels).toContain('reference: memory 936 GB/s');
    expect(texts(document, '#roofline-integer-wide text')).toContain('reference: int32 8.90 TIOP/s');
    expect(texts(document, '#roofline-integer-wide text')).toContain('ethash mix 8.10 TIOP/s');
  });

  test('a peak of matrix units stands only where f16 does', () => {
    expect(texts(document, '#roofline-float-wide text')).toContain('reference: f16 matrix 142 TFLOP/s');
    const single = rooflineMeasurements().filter((m) => !m.workload.includes('f16'));
    const drawn = texts(parse(section(withMeasurements(...single))), '#roofline-float-wide text');
    expect(drawn).toContain('reference: f32 35.6 TFLOP/s');
    expect(drawn.join()).not.toContain('f16');
  });

  test('draws references dashed and measured roofs solid', () => {
    const groups = markup.match(/<g[^>]*aria-label="link"[^>]*>/g) ?? [];
    const dashed = groups.filter((g) => g.includes('stroke-dasharray="7 5"'));
    expect(dashed).toHaveLength(4);
    for (const g of dashed) expect(g).toContain('var(--peer)');
    const solid = groups.filter((g) => g.includes('stroke="var(--ink)"'));
    expect(solid.length).toBeGreaterThanOrEqual(4);
    for (const g of solid) expect(g).not.toContain('dasharray');
  });

  test('tells ours from baselines by shape, and the unreliable by outline and word', () => {
    const labels = texts(document, '#roofline-float-wide text');
    expect(labels).toEqual(expect.arrayContaining(['matmul f32', 'matmul f16', 'attention f32 ?']));
    expect(
      markup.match(
        /<g[^>]*stroke-dasharray="2.5 2"[^>]*aria-label="dot"|<g[^>]*aria-label="dot"[^>]*stroke-dasharray="2.5 2"/g,
      ),
    ).toHaveLength(4);
  });

  test('says the same numbers in a table', () => {
    const rows = texts(document, 'tr.row').map((row) => row.replaceAll(/\s+/g, ' '));
    expect(rows).toHaveLength(8);
    expect(rows).toContain(
      'assay/best34121.3 TFLOP/s34.1 TFLOP/s (fma-f32)287 TFLOP/s (copy 841 GB/s)62 % of computevalid',
    );
    expect(rows.find((row) => row.includes('no memory traffic'))).toContain('none87 % of compute');
    expect(rows.find((row) => row.includes('ethash mix'))).toContain('84 % of memory');
  });

  test('gives every reference its kind and source', () => {
    const rows = texts(document, 'table.plain tbody tr');
    expect(rows[0]).toMatch(/Memory bandwidth936 GB\/sspec\S/);
    expect(rows.at(-1)).toMatch(/int328\.90 TIOP\/sderivedf32 flop\/s ÷ 4/);
  });

  test('names far ceilings in words', () => {
    expect(texts(document, 'p').join(' ')).toContain('matrix-i8 270 TIOP/s; dot4-i8 68.0 TIOP/s');
    expect(texts(document, '#roofline-integer-wide text').join()).not.toContain('matrix-i8');
  });

  test('stands in the page, whose identifiers stay unique', () => {
    const page = renderPage(rooflineResult());
    expect(page).toContain(markup);
    const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map((match) => match[1]);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

test('on a software adapter says that it says nothing about hardware, without references', () => {
  const software = section(rooflineResult('software'));
  expect(software).toContain('say nothing about hardware');
  expect(software).not.toMatch(/reference|Reference/);
  expect(section(rooflineResult())).not.toContain('nothing about hardware');
});

test('an unknown card has no reference, and nothing is said of one', () => {
  const result = rooflineResult();
  Object.assign(result.device, { name: 'Some Card', identity: null });
  expect(section(result)).not.toMatch(/reference|Reference/);
});

test.each([
  ['an older result', sampleResult()],
  ['nothing measured', withMeasurements()],
  ['ceilings alone', withMeasurements(ceilingOf('fma-f32/n1', 'flop/s', 1e12))],
  ['a CPU alone', withMeasurements(matmul({ implementation: 'onnxruntime/cpu' }))],
])('%s draws nothing and says so in one sentence', (_, result) => {
  const document = parse(section(result));
  expect(texts(document, 'svg, table, ul')).toEqual([]);
  expect(texts(document, 'p')).toHaveLength(1);
});

test.each(['float', 'integer'] as const)('only %s', (kind) => {
  const all = rooflineMeasurements().filter((m) => !m.roofline || m.roofline.kind === kind);
  const document = parse(section(withMeasurements(...all)));
  expect(texts(document, 'h3')).toEqual([kind === 'float' ? 'Floating point' : 'Integer work', 'Reference peaks']);
});

describe('what was not measured', () => {
  test('no ceilings: the points stand alone, and the table says so', () => {
    const markup = section(withMeasurements(matmul({ compute: null, memory: null })));
    expect(texts(parse(markup), 'tr.row')[0]).toContain('not known');
    expect(markup).not.toMatch(/NaN|Infinity|undefined/);
  });

  test.each([
    ['a rate of nothing', { rate: 0 }],
    ['no operations', { perByte: 0, rate: 0 }],
    ['roofs of nothing', { compute: { of: ['a'], value: 0 }, memory: { of: ['b'], value: 0 } }],
    ['no name of a ceiling', { compute: { of: [], value: 1 } }],
    ['numbers of any size', { perByte: 1e-9, rate: 1e300, compute: { of: ['a'], value: 1e-300 } }],
    ['a point above its roofs', { rate: 1e14 }],
  ])('%s', (_, more) => {
    const markup = section(withMeasurements(matmul(more)));
    expect(markup).not.toMatch(/NaN|Infinity|undefined/);
    expect(texts(parse(markup), 'tr.row')).toHaveLength(1);
  });
});

test('hundreds of points: all in the table, a few labels in the picture', () => {
  const many = Array.from({ length: 400 }, (_, i) =>
    matmul({
      workload: `k${i}/f32/m${i}`,
      perByte: 1 + (i % 40),
      rate: 1e9 * (1 + (i % 97)),
      status: i % 3 ? 'valid' : 'unreliable',
    }),
  );
  const document = parse(section(withMeasurements(...many)));
  expect(texts(document, 'tr.row')).toHaveLength(400);
  const labels = texts(document, '#roofline-float-wide text').filter((text) => /^k\d+ f32/.test(text));
  expect(labels.length).toBeGreaterThan(3);
  expect(labels.length).toBeLessThanOrEqual(16);
  expect(texts(document, '#roofline-float-wide title')[0]).toMatch(/; and 388 more in the table\.$/);
});

test('hostile names stay text', () => {
  const hostile = `"><script>alert(1)</script>&\u0000\u202e\ud800`;
  const of = [`${hostile}/x`];
  const bad = matmul({
    workload: `${hostile}/f32/m1`,
    implementation: `assay/${hostile}`,
    compute: { of, value: 1e12 },
  });
  const markup = section({
    ...withMeasurements(bad, ceilingOf(`${hostile}2/n1`, 'flop/s', 9e11)),
    device: { ...hardwareResult().device, name: hostile, identity: null },
  });
  expect(markup.match(/<script|<img|[^\n\r\t\P{Cc}]|[\u202e\p{Surrogate}]/u)).toBeNull();
  expect(texts(parse(markup), 'tr.row th')[0]).toContain('<script>alert(1)</script>');
});

describe('the scene', () => {
  const result = rooflineResult();
  const found = findCard(result.device);
  const scenes = (['float', 'integer'] as const).flatMap((kind) => {
    const roofline = rooflineOf(result, kind);
    if (!roofline) throw new Error(`no ${kind}`);
    return (['wide', 'narrow'] as const).map((size) => sceneOf(roofline, peaksOf(found, roofline), size));
  });

  test('pixels and figures turn into each other', () => {
    for (const scene of scenes) {
      const { x, y } = scene?.toPixels(17, 3e12) ?? { x: 0, y: 0 };
      const back = scene?.fromPixels(x, y);
      expect(back?.x).toBeCloseTo(17, 9);
      expect((back?.y ?? 0) / 3e12).toBeCloseTo(1, 9);
    }
  });

  test('everything lies inside', () => {
    for (const scene of scenes) {
      if (!scene) throw new Error('no scene');
      const [[x0, x1], [y0, y1]] = [scene.x, scene.y];
      const inside = (x: number, y: number) => x >= x0 * 0.999 && x <= x1 * 1.001 && y >= y0 * 0.999 && y <= y1 * 1.001;
      for (const { line } of [...scene.memory, ...scene.compute]) {
        expect(inside(line.x1, line.y1)).toBe(true);
        expect(inside(line.x2, line.y2)).toBe(true);
      }
      for (const p of scene.points) expect(inside(p.at, p.rate)).toBe(true);
    }
  });

  test('a slope ends at the highest level roof of its kind, a level roof begins at the steepest slope', () => {
    const [wide] = scenes;
    const [copied, reference] = [wide?.memory[0], wide?.memory[1]];
    expect(copied).toMatchObject({ label: 'copy', role: 'bound' });
    expect(copied?.line.y2).toBeCloseTo(34.4e12, -6);
    expect(reference).toMatchObject({ role: 'reference' });
    expect(reference?.line.y2).toBeCloseTo(142e12, -6);
    expect(wide?.compute.find((r) => r.label === 'fma-f32')?.line.x1).toBeCloseTo(34.1e12 / 841e9, 6);
    // Copy is steeper than page reads, though those limit Ethash.
    const mix = scenes[2]?.compute.find((r) => r.label === 'ethash mix');
    expect(mix?.line.x1).toBeCloseTo(8.1e12 / 841e9, 6);
  });

  test('a strip at the right holds what moves no bytes, right of everything that does', () => {
    const [float, , integer] = scenes;
    expect(float?.strip).toBeNull();
    for (const p of integer?.points ?? []) expect(p.at > (integer?.strip ?? 0)).toBe(p.operationsPerByte === null);
  });
});
