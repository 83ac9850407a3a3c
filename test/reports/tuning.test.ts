import { describe, expect, test } from 'vitest';
import { tableExporter } from '../../reports/formats/index.js';
import { renderPage } from '../../reports/html/page.js';
import type { Measurement } from '../../reports/schema.js';
import { sampleResult } from './sample.js';

/** The sample with two measurements that ran with what `assay tune` had found. */
function tunedResult() {
  const result = sampleResult();
  const [naive, tiled] = result.measurements as [Measurement, Measurement];
  Object.assign(naive, { tuning: { group: 8 }, tuningSource: 'near', tunedOn: 'matmul/f32/m256-n256-k256' });
  Object.assign(tiled, { tuningSource: 'tuned', tunedOn: tiled.workload });
  return result;
}

describe('a tuning that is not the default is told', () => {
  test('in the table: an asterisk, and what stands for it', () => {
    const table = tableExporter({ width: 110 }).render(tunedResult());
    expect(table).toMatch(/^ {2}assay\/naive\* /m);
    expect(table).toMatch(/^ {2}assay\/tiled\* /m);
    expect(table.match(/\*/g)).toHaveLength(3);
    expect(table).toContain(
      [
        '* Tuned on this adapter by `assay tune`',
        '  matmul/f32/m512-n512-k512 assay/naive: group 8 (found for matmul/f32/m256-n256-k256)',
        '  matmul/f32/m512-n512-k512 assay/tiled: tileM 64, tileN 64, tileK 16',
      ].join('\n'),
    );
    expect(tableExporter({ width: 110 }).render(sampleResult())).not.toContain('*');
  });

  test.each([48, 64, 80, 120])('within %d columns', (width) => {
    const lines = tableExporter({ width }).render(tunedResult()).split('\n');
    expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(width);
  });

  test('on the page: a word beside the name, its meaning, and the values among the rounds', () => {
    const page = renderPage(tunedResult());
    expect(page.match(/assay\/(naive|tiled) <span class="note">tuned<\/span>/g)).toHaveLength(2);
    expect(page).toContain('Ran with values that <code>assay tune</code> found');
    expect(page).toMatch(/tileK.16, found by assay tune/);
    expect(page).toMatch(/group.8 \(found for matmul\/f32\/m256-n256-k256\), found by assay tune/);
    expect(renderPage(sampleResult())).not.toContain('tuned</span>');
  });
});
