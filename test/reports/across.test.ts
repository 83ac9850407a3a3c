import { describe, expect, test } from 'vitest';
import { acrossWorkloads, BEST_ON_DEVICE } from '../../reports/across.js';
import { tableExporter } from '../../reports/formats/index.js';
import { renderPage } from '../../reports/html/page.js';
import type { Measurement } from '../../reports/schema.js';
import { sampleResult } from './sample.js';

/** A measurement whose rounds took so many ns on the host's clock. */
function took(workload: string, implementation: string, roundsNs: readonly number[], rest: Partial<Measurement> = {}) {
  const model = sampleResult().measurements.find((m) => m.status === 'valid') as Measurement;
  const rounds = roundsNs.map((ns, index) => ({
    ...{ order: index, index, tMs: index, samplesNs: [1, 1, 1], hostSamplesNs: [ns, ns, ns], discarded: 0 },
  }));
  const rate = { value: 1e9 / (roundsNs[0] ?? 1), unit: 'flop/s', low: 0, high: 1e12 };
  return {
    ...model,
    family: 'ai',
    workload,
    implementation,
    rounds,
    rate,
    versusBaseline: null,
    ...rest,
  } as Measurement;
}

const measurements = [
  took('w/n1', 'assay/a', [100, 100]),
  took('w/n1', 'assay/slow', [900, 900]),
  took('w/n1', 'onnxruntime/webgpu', [200, 200]),
  took('w/n1', 'tfjs/webgpu', [400, 400]),
  took('w/n1', 'onnxruntime/cpu', [50, 50]),
  took('w/n2', 'assay/a', [100, 100]),
  took('w/n2', 'onnxruntime/webgpu', [800, 800]),
  took('w/n2', 'tfjs/webgpu', [300, 300]),
  took('w/n2', 'onnxruntime/cpu', [50, 50]),
];
const line = (peer: string, of = measurements) => acrossWorkloads({ measurements: of }).find((l) => l.peer === peer);

describe('ours against baselines over all workloads', () => {
  test('the geometric mean of the fastest of ours: √(2 · 8) = 4', () => {
    expect(line('onnxruntime/webgpu')).toMatchObject({
      ...{ family: 'ai', workloads: 2, unreliable: 0 },
      least: { workload: 'w/n1' },
      most: { workload: 'w/n2' },
    });
    const { ratio, low, high, least, most } = line('onnxruntime/webgpu') ?? {};
    expect([ratio, low, high, least?.ratio, most?.ratio].map((x) => Number(x?.toFixed(9)))).toEqual([4, 4, 4, 2, 8]);
    expect(line('onnxruntime/cpu')?.ratio).toBeCloseTo(0.5);
  });

  test('the best on the device, workload by workload, leaves the processor out: √(2 · 3)', () => {
    expect(line(BEST_ON_DEVICE)?.ratio).toBeCloseTo(Math.sqrt(6));
    const one = measurements.filter((m) => !m.implementation.startsWith('tfjs'));
    expect(line(BEST_ON_DEVICE, one)).toBeUndefined();
  });

  test('what was skipped, failed, came from another program or shares one workload only is not averaged', () => {
    const without = (workload: string, rest: Partial<Measurement>) =>
      measurements.map((m) => (m.implementation === 'tfjs/webgpu' && m.workload === workload ? { ...m, ...rest } : m));
    expect(line('tfjs/webgpu')?.ratio).toBeCloseTo(Math.sqrt(12));
    expect(line('tfjs/webgpu', without('w/n1', { rate: null, status: 'skipped' }))).toBeUndefined();
    const foreign = without('w/n2', { reasons: [{ code: 'not-verified', detail: '' }] });
    expect(line('tfjs/webgpu', foreign)).toBeUndefined();
    expect(line('tfjs/webgpu', without('w/n2', { status: 'unreliable' }))?.unreliable).toBe(1);
  });

  test('errors of n workloads add up as squares and are divided by n', () => {
    const noisy = (workload: string, ns: readonly number[]) => [
      took(workload, 'assay/a', [100, 100, 100]),
      took(workload, 'peer/webgpu', ns),
    ];
    const rounds = [190, 200, 210];
    const [two, eight] = [2, 8].map(
      (n) => acrossWorkloads({ measurements: Array.from({ length: n }, (_, i) => noisy(`w/n${i}`, rounds)).flat() })[0],
    );
    const half = (l: typeof two) => Math.log((l?.high ?? 0) / (l?.low ?? 1)) / 2;
    expect(half(two)).toBeGreaterThan(0);
    expect(half(two) / half(eight)).toBeCloseTo(2);
  });

  test('the terminal and the page show it within their widths', () => {
    const result = sampleResult({ measurements });
    const table = tableExporter({ width: 80 }).render(result);
    expect(table).toContain('4.00× faster ± ?');
    expect(table).toContain('2.00× (w/n1) to 8.00× (w/n2)');
    expect(Math.max(...table.split('\n').map((l) => l.length))).toBeLessThanOrEqual(80);
    expect(renderPage(result)).toContain('<th scope="row">onnxruntime/webgpu</th>');
    expect(renderPage(sampleResult({ measurements: measurements.slice(0, 3) }))).not.toContain('id="across"');
  });
});
