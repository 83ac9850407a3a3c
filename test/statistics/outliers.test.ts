import { describe, expect, test } from 'vitest';
import { tukeyOutliers } from '../../reports/statistics/index.js';
import { normal, seeded } from './random.js';

const none = { lowSevere: 0, lowMild: 0, highMild: 0, highSevere: 0, total: 0 };

describe('tukeyOutliers', () => {
  // Quartiles 10 and 20 whatever is added on both sides: mild beyond −5 and 35, severe beyond −20 and 50.
  const base = [10, 10, 10, 15, 20, 20, 20];

  test('names each side and degree; a value on a fence is inside it', () => {
    expect(tukeyOutliers([...base, -5, 35])).toEqual(none);
    expect(tukeyOutliers([...base, -5.1, 35.1])).toEqual({ ...none, lowMild: 1, highMild: 1, total: 2 });
    expect(tukeyOutliers([...base, -20, 50])).toEqual({ ...none, lowMild: 1, highMild: 1, total: 2 });
    expect(tukeyOutliers([...base, -20.1, 50.1])).toEqual({ ...none, lowSevere: 1, highSevere: 1, total: 2 });
  });

  test('the published example has one mild outlier, the greatest', () => {
    // NIST/SEMATECH e-Handbook of Statistical Methods, 7.1.6: inner fences −39 and 1211, outer −507.75 and 1679.75.
    // Its quartiles are of another definition (429.75 and 742.25), ours are 436.25 and 738.5; no count differs.
    const values = [
      30, 171, 184, 201, 212, 250, 265, 270, 272, 289, 305, 306, 322, 322, 336, 346, 351, 370, 390, 404, 409, 411, 436,
      437, 439, 441, 444, 448, 451, 453, 470, 480, 482, 487, 494, 495, 499, 503, 514, 521, 522, 527, 548, 550, 559, 560,
      570, 572, 574, 578, 585, 592, 592, 607, 616, 618, 621, 629, 637, 638, 640, 656, 668, 707, 709, 719, 737, 739, 752,
      758, 766, 792, 792, 794, 802, 818, 830, 832, 843, 858, 860, 869, 918, 925, 953, 991, 1000, 1005, 1068, 1441,
    ];
    expect(tukeyOutliers(values)).toEqual({ ...none, highMild: 1, total: 1 });
    expect(tukeyOutliers(values.slice(0, -1)).total).toBe(0);
  });

  test.each([[[7]], [[7, 9]], [[3, 3, 3, 3]]])('has none in %j', (values) => {
    expect(tukeyOutliers(values)).toEqual(none);
  });

  test('where most values agree any other is severe', () => {
    expect(tukeyOutliers([5, 5, 5, 5, 5, 5, 5, 5, 4, 6])).toEqual({ ...none, lowSevere: 1, highSevere: 1, total: 2 });
  });

  test('turned around, low is high', () => {
    const random = seeded(51);
    for (let trial = 0; trial < 200; trial++) {
      const values = Array.from({ length: 30 }, () => normal(random) ** 3);
      const { lowSevere, lowMild, highMild, highSevere } = tukeyOutliers(values);
      const turned = tukeyOutliers(values.map((v) => -v));
      expect([turned.highSevere, turned.highMild, turned.lowMild, turned.lowSevere]).toEqual([
        lowSevere,
        lowMild,
        highMild,
        highSevere,
      ]);
    }
  });

  test('of a normal sample 0.7 % are mild or worse and hardly any severe', () => {
    // 2 · pnorm(4 · qnorm(0.25)) = 0.00698; severe 2 · pnorm(7 · qnorm(0.25)) = 2.3e-6
    const random = seeded(52);
    const { total, lowSevere, highSevere } = tukeyOutliers(Array.from({ length: 50_000 }, () => normal(random)));
    expect(total / 50_000).toBeCloseTo(0.007, 3);
    expect(lowSevere + highSevere).toBeLessThan(3);
  });

  test('refuses nothing and NaN', () => {
    expect(() => tukeyOutliers([])).toThrow('at least one value');
    expect(() => tukeyOutliers([1, 2, Number.NaN])).toThrow('got NaN at position 2');
  });
});
