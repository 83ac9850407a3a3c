import { describe, expect, test } from 'vitest';
import { findKernel } from '../../kernels/index.js';
import { llamaBenchExporter, llamaBenchTable } from '../../reports/formats/index.js';
import { renderPage } from '../../reports/html/page.js';
import type { Measurement, Result } from '../../reports/schema.js';
import { validateResult } from '../../reports/validate.js';
import { hardwareResult, sampleResult } from './sample.js';

const model = { name: 'Llama 3.2 1B q4', parameters: 1_235_814_400, weightBytes: 1_073_090_560 };

/** A measurement of a model that read or generated so many tokens at these rates, a round each. */
function measured(test: string, implementation: string, rates: readonly number[], changes: Partial<Measurement> = {}) {
  const [template] = sampleResult().measurements as [Measurement];
  const operations = Number(/\d+/.exec(test)?.[0]);
  const rounds = rates.map((rate, index) => {
    const ns = (operations * 1e9) / rate;
    // The median sample counts, not the mean.
    const samplesNs = [ns, ns / 4, 9 * ns];
    return { order: index, index, tMs: index, samplesNs, hostSamplesNs: samplesNs, discarded: 0 };
  });
  const value = rates[0] as number;
  return {
    ...template,
    ...{ workload: `llm/llama-1b-q4/${test}`, implementation, rounds, model, versusBaseline: null },
    work: { operations, unit: 'token', bytes: 1 },
    rate: { value, unit: 'token/s', low: value, high: value },
    ...changes,
  } as Measurement;
}

const without = (status: 'failed' | 'skipped', code: 'wrong-result' | 'exceeds-limit'): Partial<Measurement> => ({
  ...{ status, rate: null, summary: null, rounds: [], reasons: [{ code, detail: '' }] },
});

const withModels = (measurements: Measurement[], of: Result = hardwareResult()): Result => ({ ...of, measurements });
const made = withModels([
  measured('pp512', 'assay/portable', [1800, 1810, 1790, 1805, 1795]),
  measured('pp512', 'assay/subgroups', [2519.25, 2501.5, 2530], {
    ...{ status: 'unreliable', reasons: [{ code: 'wide-interval', detail: '± 9 %' }] },
  }),
  measured('pp512', 'assay/matrix-units', [], without('failed', 'wrong-result')),
  measured('tg128', 'assay/portable', [131.4, 131.5]),
  measured('tg128', 'llama-bench/cuda', [200], {
    ...{ status: 'unreliable', reasons: [{ code: 'not-verified', detail: '' }] },
  }),
  ...['assay/portable', 'assay/subgroups'].map((id) =>
    measured('pp512', id, [], { ...without('skipped', 'exceeds-limit'), workload: 'llm/llama-8b-f16/pp512' }),
  ),
]);
const table = (result: Result) => llamaBenchTable(result) as string;

/** As scripts that compare such tables read them: rows by the names in the first line. */
function parsed(text: string): Record<string, string>[] {
  const lines = text.split('\n').filter((line) => line.startsWith('|'));
  const cells = (line: string) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim());
  const [head, rule, ...body] = lines.map(cells) as [string[], string[], ...string[][]];
  for (const cell of rule) expect(cell).toMatch(/^-{3,}:?$/);
  return body.map((row) => Object.fromEntries(head.map((name, i) => [name, row[i] as string])));
}

describe('the table of language models', () => {
  test('is as it was', async () => {
    await expect(table(made)).toMatchFileSnapshot('../golden/llama-bench.md');
  });

  // llama.cpp, tools/llama-bench/README.md, "Different prefilled context", its column ngl taken out.
  test('prints what llama-bench’s own documentation shows as it shows it', () => {
    const deviation = 23.45 / Math.SQRT2;
    const published = measured('pp512', 'CUDA', [7340.2 - deviation, 7340.2 + deviation], {
      model: { name: 'qwen2 7B Q4_K - Medium', parameters: 7.62e9, weightBytes: Math.round(4.36 * 2 ** 30) },
    });
    expect(
      table(withModels([published]))
        .split('\n')
        .slice(0, 3),
    ).toEqual([
      '| model                          |       size |     params | backend    |            test |                  t/s |',
      '| ------------------------------ | ---------: | ---------: | ---------- | --------------: | -------------------: |',
      '| qwen2 7B Q4_K - Medium         |   4.36 GiB |     7.62 B | CUDA       |           pp512 |      7340.20 ± 23.45 |',
    ]);
  });

  // Size and parameters that llama-bench prints for these models in f16: `llama 1B F16`, `llama 3B F16`, `llama 8B F16`
  // in many published tables, e.g. ggml-org/llama.cpp discussions and chraac/llama.cpp pull request 7.
  test.each([
    ['llama-1b', '2.30 GiB', '1.24 B'],
    ['llama-3b', '5.98 GiB', '3.21 B'],
    ['llama-8b', '14.96 GiB', '8.03 B'],
  ])('%s is as large as llama-bench says', (id, size, params) => {
    const facts = findKernel(`llm/${id}-f16`).model;
    const [row] = parsed(table(withModels([measured('pp512', 'assay/portable', [1], facts && { model: facts })])));
    expect(row).toMatchObject({ size, params });
  });

  test('reads back by the names of its columns', () => {
    const rows = parsed(table(made));
    expect(rows.map((row) => [row.model, row.backend, row.test, row['t/s']])).toEqual([
      ['Llama 3.2 1B q4', 'WebGPU/portable', 'pp512', '1800.00 ± 7.91'],
      ['Llama 3.2 1B q4', 'WebGPU/subgroups', 'pp512', '2516.92 ± 14.39'],
      ['Llama 3.2 1B q4', 'WebGPU/portable', 'tg128', '131.45 ± 0.07'],
    ]);
    expect(rows[0]).toMatchObject({ size: '1023.38 MiB', params: '1.24 B' });
  });

  test('keeps its columns in line', () => {
    const lines = table(made)
      .split('\n')
      .filter((line) => line.startsWith('|'));
    expect(new Set(lines.map((line) => line.length)).size).toBe(1);
  });

  test('has no row for what was not verified or has no figure, and names it below', () => {
    const [, below = ''] = table(made).split('\n\n');
    expect(table(made).split('\n\n')[0]).not.toMatch(/cuda|8b|matrix/i);
    expect(below).toContain('unreliable: wide interval: llm/llama-1b-q4/pp512 assay/subgroups\n');
    expect(below).toContain('failed: wrong result: llm/llama-1b-q4/pp512 assay/matrix-units\n');
    expect(below).toContain('unreliable: not verified: llm/llama-1b-q4/tg128 llama-bench/cuda\n');
    expect(below).toContain('skipped: exceeds a limit: llm/llama-8b-f16/pp512\n');
    expect(below).not.toContain('software');
  });

  test('leaves excluded rounds out, and says that one round has no deviation', () => {
    const some = measured('tg128', 'assay/portable', [100, 300]);
    Object.assign(some.rounds[1] as object, { excluded: 'drift' });
    expect(parsed(table(withModels([some])))[0]).toMatchObject({ 't/s': '100.00 ± 0.00' });
    expect(table(withModels([some]))).toContain('of 1 round, each on the GPU’s clock');
  });

  test('says of a software adapter that it is one', () => {
    expect(table(withModels(made.measurements, sampleResult()))).toContain('say nothing about hardware');
  });

  test('lets no name break a cell or drive the terminal', () => {
    const evil = measured('pp512', 'assay/a|b', [1], { model: { ...model, name: 'x\u001b[2J' } });
    const text = table(withModels([evil]));
    expect(text).toContain('WebGPU/a\\|b');
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });

  test('is not there where no model has a figure', () => {
    expect(llamaBenchTable(sampleResult())).toBeNull();
    expect(llamaBenchTable(withModels(made.measurements.slice(-2)))).toBeNull();
    expect(llamaBenchExporter.render(sampleResult())).toBe('No language model has a figure.\n');
    expect(renderPage(sampleResult())).not.toContain('id="models"');
  });

  test('stands in the page as it is', () => {
    expect(renderPage(made)).toContain(`<pre class="markdown" tabindex="0">${table(made)}</pre>`);
  });
});

test('what a model is said to be is checked like the rest of a result', () => {
  const result = structuredClone(sampleResult());
  const [first] = result.measurements as [Measurement];
  first.model = model;
  expect(validateResult(result, 'written')).toMatchObject({ ok: true });
  first.model = { ...model, parameters: 1.5 };
  expect(validateResult(result, 'written')).toMatchObject({
    errors: ['measurements[0].model.parameters: expected a whole number, got 1.5'],
  });
});
