import type { Iterate } from '../chains/replay.js';

// FIPS 180-4, section 4.1.2, as the standard writes them.
const ch = (x: number, y: number, z: number) => (x & y) ^ (~x & z);
const maj = (x: number, y: number, z: number) => (x & y) ^ (x & z) ^ (y & z);

type Vector = Int32Array;
/** Component `i + step` of a vector: step 1 is the swizzle yzwx, 2 zwxy, 3 wxyz. */
const at = (x: Vector, i: number, step: number) => x[(i + step) & 3] as number;

const COMPONENTS = [0, 1, 2, 3] as const;
const [t, u] = [new Int32Array(4), new Int32Array(4)];

/** to ^= ch of (x, y) ^ maj of (x, y), and more ^= the same the other way about. */
function half(x: Vector, y: Vector, to: Vector, more: Vector): void {
  for (const i of COMPONENTS) {
    t[i] = ch(at(x, i, 0), at(y, i, 0), at(x, i, 1));
    u[i] = maj(at(x, i, 2), at(y, i, 0), at(y, i, 3));
  }
  for (const i of COMPONENTS) {
    to[i] = at(to, i, 0) ^ at(t, i, 0) ^ at(u, i, 1);
    more[i] = at(more, i, 0) ^ at(u, i, 0) ^ at(t, i, 2);
  }
}

/** As `ring.wgsl`: 24 sweeps of seven xor3, two ch and two maj on vectors. */
export const logicRing: Iterate = (words) => {
  const [a, b, c, d] = [0, 4, 8, 12].map((from) => new Int32Array(words.buffer, words.byteOffset + 4 * from, 4)) as [
    Vector,
    Vector,
    Vector,
    Vector,
  ];
  for (let sweep = 0; sweep < 24; sweep++) {
    half(a, b, c, d);
    half(c, d, a, b);
    for (const i of COMPONENTS) {
      a[i] = at(a, i, 0) ^ at(c, i, 1) ^ at(d, i, 3);
      b[i] = at(b, i, 0) ^ at(c, i, 2) ^ at(d, i, 3);
    }
    for (const i of COMPONENTS) d[i] = at(d, i, 0) ^ at(a, i, 0) ^ at(b, i, 1);
  }
};
