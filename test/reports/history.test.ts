import { describe, expect, test } from 'vitest';
import { renderHistory } from '../../reports/formats/history-table.js';
import { historyOf, recentSlowdowns, type StoredResult } from '../../reports/history.js';
import { type History, historyJsonSchema, history as historySchema } from '../../reports/history-schema.js';
import type { Measurement, Result } from '../../reports/schema.js';
import { dailyResults, failed, rated, runId } from './history-sample.js';
import { hostileResult } from './hostile.js';
import { sampleResult } from './sample.js';

/** As the command makes it of files that could all be read. */
function historyOfAll(stored: Iterable<StoredResult>, options: Parameters<typeof historyOf>[1] = {}): History {
  const { files, ...rest } = historyOf(stored, options);
  return historySchema.parse({ ...rest, files: { ...files, others: {}, refused: [] } });
}
const only = (history: History) => {
  expect(history.series).toHaveLength(1);
  return history.series[0] as History['series'][0];
};
const measurementOf = (result: Result) => result.measurements[0] as Measurement;
const slowFrom = (at: number, by = 0.9) => ({ factor: (run: number) => (run >= at ? by : 1) });
const table = (history: History, width = 80) => renderHistory(history, width, false);

describe('series', () => {
  test('a slow-down is named with its runs, rates, ratio and what to suspect', () => {
    const history = historyOfAll(
      dailyResults({
        ...{ runs: 20, ...slowFrom(12) },
        change: (result, run) => {
          result.tool.commit = run < 12 ? 'aaaaaaaaaaaaaaaaaaaa' : 'bbbbbbbbbbbbbbbbbbbb';
          if (run >= 12) result.device.driver = '580.01';
        },
      }),
    );
    const { changes, points, work } = only(history);
    const [change, ...others] = changes;
    expect(others).toEqual([]);
    expect(change).toMatchObject({
      ...{ direction: 'slower', before: runId(11), after: runId(12), earliest: runId(12), latest: runId(12) },
      ...{ when: '2026-10-13T12:00:00.000Z', runsSince: 8 },
      suspects: [
        { what: 'commit', before: 'aaaaaaaaaaaa', after: 'bbbbbbbbbbbb' },
        { what: 'driver', before: '570.86.16', after: '580.01' },
      ],
    });
    expect(change?.ratio.value).toBeCloseTo(0.9, 1);
    expect((change?.to ?? 0) / (change?.from ?? 1)).toBeCloseTo(change?.ratio.value ?? 0, 9);
    expect(points).toHaveLength(20);
    expect(work.unit).toBe('flop');
    const text = table(history).replace(/\n +/g, ' ');
    expect(text).toMatch(
      /2026-10-13 slower: matmul\/f32\/m512-n512-k512 assay\/tiled, 3\.\d+ GFLOP\/s → 2\.\d+ GFLOP\/s/,
    );
    expect(text).toContain(
      `Between runs ${runId(11)} and ${runId(12)}, of commit aaaaaaaaaaaa and commit bbbbbbbbbbbb.`,
    );
    expect(text).toContain('Also different there: driver (570.86.16 → 580.01).');
  });

  test('neither the order of the files nor repeated ones change anything', () => {
    const stored = dailyResults({ runs: 15, ...slowFrom(9) });
    const copies = stored.slice(3, 5).map(({ result }, i) => ({ file: `copy-${i}.json`, result }));
    const [a, b] = [historyOfAll(stored), historyOfAll([...stored.toReversed(), ...copies])];
    expect(b.series).toEqual(a.series);
    expect(b.cards).toEqual(a.cards);
    expect(b.files.read).toBe(17);
    expect(b.files.repeated).toEqual([
      { file: 'copy-0.json', first: `results/${runId(3)}.json`, run: runId(3) },
      { file: 'copy-1.json', first: `results/${runId(4)}.json`, run: runId(4) },
    ]);
  });

  test.each<[string, (result: Result) => void, number]>([
    ['another device', (r) => Object.assign(r.device, { name: 'other' }), 2],
    ['another vendor', (r) => Object.assign(r.device, { vendor: 'other' }), 2],
    ['another backend', (r) => Object.assign(r.device, { backend: 'd3d12' }), 2],
    ['another processor', (r) => Object.assign(r.host, { cpu: 'other' }), 2],
    ['software', (r) => Object.assign(r.device, { software: true }), 2],
    ['another mode', (r) => Object.assign(measurementOf(r), { mode: 'peer-equal' }), 1],
    ['another clock', (r) => Object.assign(measurementOf(r), { clock: 'host' }), 1],
    ['more work', (r) => Object.assign(measurementOf(r), { work: { ...measurementOf(r).work, operations: 5 } }), 1],
    ['more bytes', (r) => Object.assign(measurementOf(r), { work: { ...measurementOf(r).work, bytes: 5 } }), 1],
    ['another variant', (r) => Object.assign(measurementOf(r), { implementation: 'assay/other' }), 1],
    ['another workload', (r) => Object.assign(measurementOf(r), { workload: 'w/n1' }), 1],
  ])('%s from a run on is another series, and no change of the first one', (_, make, cards) => {
    const history = historyOfAll(
      dailyResults({ runs: 20, ...slowFrom(10, 0.5), change: (result, run) => run >= 10 && make(result) }),
    );
    expect(history.cards).toHaveLength(cards);
    expect(history.series.map(({ points, changes }) => [points.length, changes])).toEqual([
      [10, []],
      [10, []],
    ]);
    const rows = table(history, 100).match(/^ {2}assay\/.*$/gm) ?? [];
    expect(new Set(rows.map((row) => row.split(/ {2,}\d/)[0])).size).toBe(cards === 2 || /workload/.test(_) ? 1 : 2);
  });

  test('another driver or commit is the same series', () => {
    const change = (result: Result, run: number) => {
      Object.assign(result.device, { driver: String(run) });
      Object.assign(result.tool, { commit: String(run) });
    };
    expect(only(historyOfAll(dailyResults({ runs: 8, change }))).changes).toEqual([]);
  });

  test('what failed, was skipped or not verified is a gap with its reason; unreliable is a point', () => {
    const change = (result: Result, run: number) => {
      const m = measurementOf(result);
      if (run === 2) result.measurements = [failed(m)];
      if (run === 3) Object.assign(m, { status: 'unreliable', reasons: [{ code: 'drift', detail: '' }] });
      if (run === 4) Object.assign(m, { implementation: 'mine', reasons: [{ code: 'not-verified', detail: '' }] });
      if (run === 5) result.measurements = [rated(m, 0)];
      if (run === 6) result.measurements = [];
    };
    const { series } = historyOfAll(dailyResults({ runs: 8, change }));
    expect(series.map(({ implementation, points, gaps }) => [implementation, points.length, gaps])).toEqual([
      [
        ...['assay/tiled', 4],
        [
          { run: runId(2), reason: 'failed: wrong result' },
          { run: runId(5), reason: 'a rate of zero' },
        ],
      ],
      ['mine', 0, [{ run: runId(4), reason: 'another program’s figure, not verified' }]],
    ]);
    expect(series[0]?.points.map(({ status }) => status)).toEqual(['valid', 'valid', 'unreliable', 'valid']);
    expect(table(historyOfAll(dailyResults({ runs: 8, change })))).toContain('failed: wrong result: matmul');
  });

  test('gaps do not move a change', () => {
    const change = (result: Result, run: number) => {
      if (run % 4 === 1) result.measurements = [failed(measurementOf(result))];
    };
    const { changes, points } = only(historyOfAll(dailyResults({ runs: 24, ...slowFrom(13), change })));
    expect(points).toHaveLength(18);
    expect(changes).toMatchObject([{ before: runId(12), after: runId(14), runsSince: 8 }]);
  });

  test('with nothing different around a change the machine is the suspect; with a tuning, that is', () => {
    const same = historyOfAll(dailyResults({ runs: 16, ...slowFrom(8) }));
    expect(only(same).changes[0]?.suspects).toEqual([]);
    expect(table(same).replace(/\n +/g, ' ')).toContain(
      'both of commit 1139fe0c2b7d. Nothing that results tell of differs',
    );
    const tuned = historyOfAll(
      dailyResults({
        ...{ runs: 16, ...slowFrom(8) },
        change: (result, run) => run >= 8 && Object.assign(measurementOf(result), { tuning: { tileM: 32 } }),
      }),
    );
    expect(only(tuned).changes[0]?.suspects).toEqual([
      { what: 'tuning', before: 'tileK 16, tileM 64, tileN 64', after: 'tileM 32' },
    ]);
  });

  test('where the place of a change is doubtful, all that differs around it is suspected', () => {
    // One run half-way between the two levels.
    const factor = (run: number) => (run < 10 ? 1 : run === 10 ? 0.98 : 0.955);
    const change = (result: Result, run: number) => {
      if (run >= 11) result.device.driver = 'new';
      if (run >= 10) result.tool.commit = 'new';
    };
    const history = historyOfAll(dailyResults({ runs: 20, factor, change }), { minEffect: 0.01 });
    const [found] = only(history).changes;
    expect([found?.earliest, found?.latest]).toEqual([runId(10), runId(11)]);
    expect(found?.suspects.map(({ what }) => what)).toEqual(['commit', 'driver']);
    expect(table(history).replace(/\n +/g, ' ')).toMatch(/, or up to 1 run (earlier|later)\./);
  });
});

describe('recent slow-downs', () => {
  const recent = (factor: (run: number) => number, last: number) =>
    recentSlowdowns(historyOfAll(dailyResults({ runs: 20, factor })), last).length;

  test('count while the newest change is one, and no more than so many runs old', () => {
    expect(recent((run) => (run >= 15 ? 0.9 : 1), 5)).toBe(1);
    expect(recent((run) => (run >= 15 ? 0.9 : 1), 4)).toBe(0);
    expect(recent((run) => (run >= 15 ? 1.1 : 1), 20)).toBe(0);
    expect(recent((run) => (run >= 8 && run < 15 ? 0.9 : 1), 20)).toBe(0);
    expect(recent(() => 1, 20)).toBe(0);
  });
});

describe('the table', () => {
  test('keeps to its width, with any name, and lets none drive the terminal', () => {
    const hostile = Array.from({ length: 7 }, (_, i) => {
      const result = hostileResult();
      for (const m of result.measurements) if (i >= 4 && m.rate) Object.assign(m, rated(m, 0.5));
      return { file: `${i}.json`, result: { ...result, id: `${result.suite} ${i}` } };
    });
    for (const width of [60, 80, 100]) {
      const text = table(historyOfAll(hostile), width);
      expect(text).toContain('Changes, newest first');
      expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(width);
      expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}|[\u202a-\u202e]/u);
    }
  });

  test('at 80 columns', () => {
    const change = (result: Result, run: number) => {
      const m = measurementOf(result);
      result.measurements.push(
        run % 5 === 4
          ? failed({ ...m, implementation: 'assay/naive' })
          : { ...rated(m, 0.3), implementation: 'assay/naive' },
      );
    };
    const text = table(historyOfAll(dailyResults({ runs: 30, ...slowFrom(20), change })));
    expect(text).toMatchSnapshot();
  });

  test('the trend has a bar for every run of few, whatever their rates', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const text = table(historyOfAll(dailyResults({ runs: 3, seed, factor: (run) => (run === 1 ? 3 : 1) })));
      expect(text).toMatch(/assay\/tiled +3 {2}[▁▂]▇[▁▂] /);
    }
  });

  test('marks software adapters, and says so little about nothing', () => {
    const software = historyOfAll(dailyResults({ runs: 3, base: sampleResult }));
    expect(table(software).replaceAll('\n', ' ')).toContain('these figures say nothing about hardware');
    expect(table(software)).toContain('1 series of 3 runs from 2026-10-01 to 2026-10-03: no change of level.');
    expect(table(historyOfAll([]))).toMatch(/^0 series of 0 runs: no change of level/);
  });
});

test('the schema refuses unknown fields and is a JSON Schema', () => {
  const history = historyOfAll(dailyResults({ runs: 6 }));
  expect(historySchema.safeParse({ ...history, extra: 1 }).success).toBe(false);
  expect(JSON.parse(JSON.stringify(history))).toEqual(history);
  expect(historyJsonSchema()).toMatchObject({ title: 'assay.history/1', type: 'object', additionalProperties: false });
});
