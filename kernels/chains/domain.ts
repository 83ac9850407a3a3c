/** Words that a chain may start from: what a random word is made into, and what of a caller's is taken. */
export interface Domain {
  /** `must be …` in a message. */
  readonly meaning: string;
  make(word: number): number;
  holds(word: number): boolean;
}

export const ANY: Domain = { meaning: 'a word', make: (word) => word, holds: () => true };

/** Products of odd words stay odd, so they never end at zero. */
export const ODD: Domain = { meaning: 'odd', make: (word) => (word | 1) >>> 0, holds: (word) => word % 2 === 1 };

const word = new Uint32Array(1);
const float = new Float32Array(word.buffer);
export const bitsOf = (value: number): number => {
  float[0] = value;
  return word[0] as number;
};
export const floatOf = (bits: number): number => {
  word[0] = bits;
  return float[0] as number;
};

/** Floats, as their bits. */
export function floats(meaning: string, make: (word: number) => number, holds: (value: number) => boolean): Domain {
  return { meaning, make: (bits) => bitsOf(make(bits)), holds: (bits) => holds(floatOf(bits)) };
}

/** Whole numbers from −most to most, but not zero, as floats. */
export const wholeFloats = (most: number): Domain =>
  floats(
    `a whole number from ${-most} to ${most}, not 0, as f32`,
    (word) => (((word >>> 1) % most) + 1) * (word % 2 === 0 ? 1 : -1),
    (x) => Number.isInteger(x) && x !== 0 && Math.abs(x) <= most,
  );

/** 1 or −1, as floats. */
export const SIGNS: Domain = floats(
  '1 or -1 as f32',
  (word) => (word % 2 === 0 ? 1 : -1),
  (x) => Math.abs(x) === 1,
);
export const ZERO: Domain = floats(
  '0 as f32',
  () => 0,
  (x) => Object.is(x, 0),
);
