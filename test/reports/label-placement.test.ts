import { describe, expect, test } from 'vitest';
import { alongLine, placeLabels, spread } from '../../reports/html/label-placement.js';
import { seeded } from '../statistics/random.js';

describe('spread', () => {
  test('leaves labels that lie apart where they are', () => {
    expect(spread([10, 40, 80], 15, 0, 100)).toEqual([10, 40, 80]);
  });
  test('moves a crowd apart around its middle', () => {
    expect(spread([50, 50, 50], 10, 0, 100)).toEqual([40, 50, 60]);
  });
  test('a crowd moves only those it reaches', () => {
    expect(spread([10, 50, 50], 10, 0, 100)).toEqual([10, 45, 55]);
  });
  test('keeps inside at both ends', () => {
    expect(spread([0, 0, 0], 10, 0, 100)).toEqual([0, 10, 20]);
    expect(spread([100, 100], 10, 0, 100)).toEqual([90, 100]);
    expect(spread([], 10, 0, 100)).toEqual([]);
  });
  test('is always in order, apart and inside', () => {
    const random = seeded(7);
    for (let run = 0; run < 200; run++) {
      const wanted = Array.from({ length: 1 + Math.floor(random() * 11) }, () => random() * 150).sort((a, b) => a - b);
      const heights = spread(wanted, 14, 0, 150);
      for (const [i, height] of heights.entries()) {
        if (i > 0) expect(height - (heights[i - 1] as number)).toBeGreaterThanOrEqual(14 - 1e-9);
        expect(height).toBeGreaterThanOrEqual(-1e-9);
        expect(height).toBeLessThanOrEqual(150 + 1e-9);
      }
    }
  });
});

describe('placeLabels', () => {
  const face = { character: 6, height: 12, labels: 99 };
  const frame = { x1: 0, y1: 0, x2: 300, y2: 300 };

  test('right of a point where it is free, left at the right edge', () => {
    const wanted = [
      { text: 'abc', x: 100, y: 100 },
      { text: 'abc', x: 290, y: 200 },
    ];
    expect(placeLabels(wanted, wanted, [], frame, face)).toEqual([
      { text: 'abc', x: 109, y: 100, anchor: 'start' },
      { text: 'abc', x: 281, y: 200, anchor: 'end' },
    ]);
  });
  test('keeps off lines where it can, and lies on one where it cannot', () => {
    const wanted = [{ text: 'abc', x: 100, y: 100 }];
    const line = { x1: 100, y1: 99, x2: 300, y2: 101 };
    expect(placeLabels(wanted, wanted, [line], frame, face)[0]?.anchor).toBe('end');
    expect(placeLabels(wanted, wanted, [frame], frame, face)).toHaveLength(1);
  });
  test('a label without a place is left out, however many there are', () => {
    const crowd = Array.from({ length: 300 }, (_, i) => ({ text: 'label', x: 150 + (i % 5), y: 150 + (i % 7) }));
    const placed = placeLabels(crowd, crowd, [], frame, face);
    expect(placed.length).toBeGreaterThan(0);
    expect(placed.length).toBeLessThan(12);
    expect(placeLabels(crowd, crowd, [], frame, { ...face, labels: 2 })).toHaveLength(2);
    expect(placeLabels([{ text: 'x'.repeat(99), x: 150, y: 150 }], [], [], frame, face)).toEqual([]);
  });
});

describe('alongLine', () => {
  const line = { x1: 0, y1: 100, x2: 100, y2: 0 };
  test('begins where it is asked to, or behind a point in the way', () => {
    expect(alongLine(line, 30, [], 10, 10)).toBe(10);
    const start = alongLine(line, 30, [{ x: 20, y: 80 }], 10, 10);
    expect(start).toBeGreaterThan(Math.hypot(20, 20) + 10);
    expect(alongLine(line, 30, [{ x: 80, y: 80 }], 10, 10)).toBe(10);
  });
  test('where nothing is clear, or the line is no longer than a point, begins as asked', () => {
    expect(alongLine(line, 300, [], 10, 10)).toBe(10);
    expect(alongLine({ x1: 5, y1: 5, x2: 5, y2: 5 }, 30, [{ x: 5, y: 5 }], 10, 10)).toBe(10);
  });
});
