/** Vectors of four words on the CPU, for chains that a ring does not describe. */
export type Vector4 = readonly [number, number, number, number];

/** `swizzle` says for each component which of `x`'s it takes, as WGSL writes it. */
export const pick = (x: Vector4, swizzle: string): Vector4 =>
  [...swizzle].map((letter) => x['xyzw'.indexOf(letter)]) as unknown as Vector4;

/** A function of words, component by component. */
export const each =
  (f: (...words: number[]) => number) =>
  (...vectors: Vector4[]): Vector4 =>
    [0, 1, 2, 3].map((lane) => f(...vectors.map((v) => v[lane] as number))) as unknown as Vector4;

export type State4 = readonly [Vector4, Vector4, Vector4, Vector4];

/** Runs `sweep` so many times on the sixteen words, in place. */
export function sweeps(count: number, words: Uint32Array, sweep: (state: State4, index: number) => State4): void {
  let state = [0, 4, 8, 12].map((at) => [...words.subarray(at, at + 4)]) as unknown as State4;
  for (let i = 0; i < count; i++) state = sweep(state, i);
  words.set(state.flat());
}
