import type { Bound, Work } from './declaration.js';

/**
 * The two roofs of floating-point work: multiply-add rate and bandwidth (Williams, Waterman, Patterson: Roofline). What
 * hardly writes may come above the rate of a copy, so that of reading counts too.
 */
export function floatBounds(work: Work): readonly Bound[] {
  return [
    { id: 'multiply-add', kind: 'float', ways: [{ 'fma-f32': work.operations }] },
    { id: 'bandwidth', kind: 'memory', ways: [{ copy: work.bytes }, { read: work.bytes }] },
  ];
}

/** Work that is counted in the bytes it moves: copy bandwidth is its one roof. */
export function transferBounds(work: Work): readonly Bound[] {
  return [{ id: 'bandwidth', kind: 'memory', ways: [{ copy: work.bytes }] }];
}
