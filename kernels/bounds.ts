import type { Bound, Work } from './declaration.js';

/** The two roofs of floating-point work: multiply-add rate and copy bandwidth (Williams, Waterman, Patterson: Roofline). */
export function floatBounds(work: Work): readonly Bound[] {
  return [
    { id: 'multiply-add', kind: 'float', ways: [{ 'fma-f32': work.operations }] },
    { id: 'bandwidth', kind: 'memory', ways: [{ copy: work.bytes }] },
  ];
}

/** Work that is counted in the bytes it moves: copy bandwidth is its one roof. */
export function transferBounds(work: Work): readonly Bound[] {
  return [{ id: 'bandwidth', kind: 'memory', ways: [{ copy: work.bytes }] }];
}
