import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { exporters, jsonExporter, summaryExporter, tableExporter } from '../../reports/formats/index.js';
import type { Measurement } from '../../reports/schema.js';
import { parseResult } from '../../reports/store.js';
import { hardwareResult, sampleResult } from './sample.js';

const ESC = '\u001b';

describe('the table', () => {
  test('is as it was', async () => {
    await expect(tableExporter({ width: 110 }).render(sampleResult())).toMatchFileSnapshot('../golden/table-110.txt');
    await expect(tableExporter({ width: 64 }).render(hardwareResult())).toMatchFileSnapshot('../golden/table-64.txt');
  });

  test.each([48, 60, 72, 80, 100, 132, 200])('fits %d columns', (width) => {
    const lines = tableExporter({ width }).render(sampleResult()).split('\n');
    expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(width);
  });

  test('shows every measurement or says how many it gathers, and never a number without its status', () => {
    const table = tableExporter({ width: 110 }).render(sampleResult());
    for (const line of table.split('\n').filter((l) => /\d .*(H|FLOP|B)\/s/.test(l)))
      expect(line).toMatch(/valid|unreliable/);
    expect(table).toContain('all 3 implementations skipped: feature missing');
    expect(table.match(/^ {2}(assay|onnxruntime|node-crypto|tensorflow)\//gm)).toHaveLength(15);
  });

  test('does not gather skips with different reasons', () => {
    const result = sampleResult();
    const last = result.measurements.at(-1) as Measurement;
    last.reasons = [{ code: 'exceeds-limit', detail: 'maxBufferSize' }];
    const table = tableExporter({ width: 110 }).render(result);
    expect(table).toContain('skipped: exceeds a limit');
    expect(table).not.toContain('all 3');
  });

  test('notes a software adapter, and only that', () => {
    const note = 'these figures say nothing about hardware';
    expect(tableExporter().render(sampleResult())).toContain(note);
    expect(tableExporter().render(hardwareResult())).not.toContain(note);
  });

  test('notes an unfinished run', () => {
    expect(tableExporter().render(sampleResult({ finishedAt: null }))).toContain('go on with `assay resume`');
  });

  test('has colours only when asked, and the same words with them', () => {
    const coloured = tableExporter({ colour: true }).render(sampleResult());
    const plain = tableExporter().render(sampleResult());
    expect(plain).not.toContain(ESC);
    expect(coloured).toContain(ESC);
    const words = (text: string) => stripVTControlCharacters(text).replaceAll(/[ \n]+/g, ' ');
    expect(words(coloured)).toBe(words(plain));
  });

  test('lets no name drive the terminal', () => {
    const result = sampleResult();
    result.device.name = `evil${ESC}[2J\u202e\ncard`;
    (result.measurements[0] as Measurement).implementation = `assay/${ESC}]0;x\u0007`;
    const table = tableExporter().render(result);
    expect(table.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);
  });

  test('says what was slow to compile, and only that', () => {
    const result = sampleResult();
    const [first, second, third] = result.measurements as [Measurement, Measurement, Measurement];
    Object.assign(first, { compileMs: 1999 });
    expect(tableExporter().render(result)).not.toContain('lowest to compile');
    Object.assign(second, { compileMs: 6210 });
    expect(tableExporter().render(result)).toContain(
      '\nSlowest to compile: matmul/f32/m512-n512-k512 assay/tiled, 6.21 s.\n',
    );
    Object.assign(third, { compileMs: 2000 });
    expect(tableExporter().render(result)).toContain('6.21 s; 2 took 2 s or more.');
  });

  test('says so when nothing was measured', () => {
    expect(tableExporter().render(sampleResult({ measurements: [] }))).toContain('Nothing was measured.');
  });
});

describe('the summary', () => {
  test('is as it was', async () => {
    const both = [sampleResult(), hardwareResult()].map((r) => summaryExporter.render(r)).join('\n');
    await expect(both).toMatchFileSnapshot('../golden/summary.txt');
  });

  test('says first of all that a software adapter is one', () => {
    expect(summaryExporter.render(sampleResult())).toMatch(/^This was a software adapter: llvmpipe/);
    expect(summaryExporter.render(hardwareResult())).toMatch(/^In mining, NVIDIA GeForce RTX 3090 does/);
  });

  test('says which figure is unreliable', () => {
    expect(summaryExporter.render(sampleResult())).toContain('(f32 attention; unreliable)');
  });

  test('says what is missing', () => {
    const result = sampleResult();
    result.measurements = result.measurements.filter((m) => m.status === 'skipped');
    expect(summaryExporter.render(result)).toMatch(
      /In mining, nothing was measured\. In AI work, no workload gave a figure\./,
    );
  });

  test('says once that nothing is reliable where nothing is', () => {
    const result = sampleResult();
    for (const m of result.measurements)
      if (m.rate) Object.assign(m, { status: 'unreliable', reasons: [{ code: 'wide-interval', detail: '± 9 %' }] });
    const text = summaryExporter.render(result);
    expect(text).toContain('None of these figures is reliable');
    expect(text).not.toContain('; unreliable)');
  });

  test('does not credit us with what a baseline did alone, nor the card with what the CPU did', () => {
    const only = (implementation: string) => {
      const result = sampleResult();
      result.measurements = result.measurements.filter((m) => m.implementation === implementation);
      return summaryExporter.render(result);
    };
    expect(only('onnxruntime/webgpu')).toContain('with onnxruntime/webgpu, no variant of ours having a figure');
    expect(only('node-crypto/cpu')).toContain('In mining, no workload gave a figure');
  });

  test('stays one paragraph for a long suite', () => {
    const result = sampleResult();
    const model = result.measurements[2] as Measurement;
    result.measurements = Array.from({ length: 60 }, (_, i) => ({ ...model, workload: `matmul/t${i % 9}/m${i}` }));
    const text = summaryExporter.render(result);
    expect(text).toContain('and 5 more in the table');
    expect(text.length).toBeLessThan(1000);
  });
});

describe('the JSON', () => {
  test('reads back as the same result', () => {
    expect(parseResult(jsonExporter.render(sampleResult()), 'x')).toEqual(sampleResult());
  });
});

test('exporters are found by their own names', () => {
  expect([...exporters.keys()]).toEqual(expect.arrayContaining(['table', 'summary', 'json']));
  for (const [name, exporter] of exporters) {
    expect(exporter.name).toBe(name);
    expect(exporter.render(sampleResult())).toMatch(/\n$/);
  }
});

describe("another program's figure", () => {
  /** The sample with a faster external beside the scan's baseline, and a language model that only it has measured. */
  const result = sampleResult();
  const model = result.measurements.find((m) => m.implementation === 'node-crypto/cpu') as Measurement;
  const external = (changes: Partial<Measurement>): Measurement => ({
    ...structuredClone(model),
    ...{ implementation: 'external/mine', status: 'unreliable', reasons: [{ code: 'not-verified', detail: '' }] },
    correctness: { ...model.correctness, status: 'not-checked' },
    rate: { value: 9e9, unit: 'hash/s', low: 8.9e9, high: 9.1e9 },
    ...changes,
  });
  const llm = { workload: 'llm/qwen2-7b/tg128', family: 'ai' as const, implementation: 'llama-bench/cuda' };
  const tokens = { value: 110, unit: 'token/s', low: 109, high: 111 };
  result.measurements.push(external({}), external({ ...llm, rate: tokens }));
  const text = (measurements = result.measurements) => summaryExporter.render({ ...result, measurements });

  test('stands in the table with its status', () => {
    const lines = tableExporter({ width: 120 }).render(result).split('\n');
    expect(lines.find((line) => line.includes('external/mine'))).toMatch(/9\.00 GH\/s .* unreliable: not verified$/);
    expect(lines.find((line) => line.includes('llama-bench/cuda'))).toMatch(/110 tok\/s .* unreliable: not verified$/);
  });

  test('is counted in the summary, but neither a headline nor the best baseline', () => {
    expect(text()).toContain('the best baseline, node-crypto/cpu');
    expect(text()).not.toMatch(/llm|llama|external\/mine/);
    expect(text()).toContain("2 figures are other programs' own; they were not verified");
    expect(text(result.measurements.slice(0, -1))).toContain(
      "One figure is another program's own; it was not verified",
    );
    expect(summaryExporter.render(sampleResult())).not.toContain('verified');
    expect(text(result.measurements.slice(-1))).toContain('In AI work, nothing was measured.');
  });

  test('leaves a column that holds nothing out before it wraps', () => {
    const scans = result.measurements.filter((m) => m.workload.startsWith('sha256d-scan'));
    const head = (width: number) => tableExporter({ width }).render({ ...result, measurements: scans });
    expect(head(120)).toContain('of ceiling');
    expect(head(80)).not.toContain('of ceiling');
    expect(head(80)).toContain('vs best baseline');
  });
});
