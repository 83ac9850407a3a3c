import { describe, expect, test } from 'vitest';
import { duration, smallestStep } from '../../harness/clock.js';

describe('durations from stamps', () => {
  test('run from the end of the marker pass to the end of the work', () => {
    expect(duration(100n, 150n, 400n)).toBe(300);
    // Vulkan takes the begin stamp at the top of the pipe: it may come before earlier work has ended.
    expect(duration(100n, 40n, 400n)).toBe(300);
  });
  test('without a marker stamp, run from the begin of the work', () => {
    expect(duration(0n, 150n, 400n)).toBe(250);
  });
  test('are unusable when a stamp was never written or the clock ran backwards', () => {
    expect(duration(100n, 0n, 0n)).toBeNull();
    expect(duration(100n, 150n, 0n)).toBeNull();
    expect(duration(0n, 0n, 0n)).toBeNull();
    expect(duration(500n, 450n, 400n)).toBeNull();
  });
  test('may be zero on a coarse clock: saturation is judged elsewhere', () => {
    expect(duration(100n, 100n, 100n)).toBe(0);
  });
});

describe('the smallest step of a clock', () => {
  test('is the least positive difference', () => {
    expect(smallestStep([65536, 131072, 65536, 262144])).toBe(65536);
    expect(smallestStep([1000, 1032, 1064, 2000])).toBe(32);
    expect(smallestStep([7])).toBe(7);
  });
  test('is 1 when nothing ever differed', () => {
    expect(smallestStep([0, 0, 0])).toBe(1);
    expect(smallestStep([])).toBe(1);
  });
});
