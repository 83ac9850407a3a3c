import type { Domain } from '../chains/domain.js';
import type { Iterate } from '../chains/replay.js';

/** Sweeps in one iteration. */
export const SWEEPS = 64;
/** f16 has 11 bits of significand. */
export const MOST = 2048;

/** Whole numbers as i32, which the kernel turns into f16. */
const whole = (meaning: string, make: (word: number) => number, holds: (x: number) => boolean): Domain => ({
  meaning,
  make: (word) => make(word) >>> 0,
  holds: (word) => holds(word | 0),
});
export const VALUE = whole(
  `a whole number from ${-MOST} to ${MOST}, not 0, as i32`,
  (word) => (((word >>> 1) % MOST) + 1) * (word % 2 === 0 ? 1 : -1),
  (x) => x !== 0 && Math.abs(x) <= MOST,
);
export const SIGN = whole(
  '1 or -1 as i32',
  (word) => (word % 2 === 0 ? 1 : -1),
  (x) => Math.abs(x) === 1,
);
export const ZERO = whole(
  '0',
  () => 0,
  (x) => x === 0,
);

/** As `signs.wgsl`, in whole numbers. */
export const halfSigns: Iterate = (words) => {
  const x = new Int32Array(words.buffer, words.byteOffset, words.length);
  const at = (i: number) => x[i] as number;
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    // The last three of d take the signs of c as they were, the first takes a new one.
    const [old, , third, fourth] = x.slice(8, 12) as unknown as [number, number, number, number];
    for (let i = 0; i < 4; i++) {
      x[i] = at(i) * at(8 + i);
      x[4 + i] = at(4 + i) * at(12 + i);
      x[8 + i] = at(8 + i) * at(12 + i);
    }
    [at(9), third, fourth, old].forEach((sign, i) => {
      x[12 + i] = at(12 + i) * sign;
    });
  }
};
