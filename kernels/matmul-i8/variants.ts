import { BINDINGS, buffers, layout, type MatmulI8Variant, wholeWords } from './layout.js';
import { sizesOf } from './sizes.js';

export const naive: MatmulI8Variant = {
  id: 'naive',
  story: 'One invocation per element of c: every multiplication takes both its bytes out of words from memory.',
  plan(shape) {
    const { m, batch, transposeB } = sizesOf(shape);
    const size = wholeWords(shape);
    // c has the padded width, so that the words of b and the elements of c agree.
    const { n, k } = size;
    const constants = {
      ...{ M: m, N: n, K: k, A_WORDS: k / 4, B_WORDS: (transposeB ? k : n) / 4 },
      BT: { type: 'bool', value: transposeB === 1 } as const,
      ...{ GROUP_X: 16, GROUP_Y: 8 },
    };
    return {
      buffers: buffers(size),
      dispatches: [
        {
          wgsl: 'matmul-i8/naive.wgsl',
          constants,
          bindings: BINDINGS,
          workgroups: [Math.ceil(n / 16), Math.ceil(m / 8), batch],
        },
      ],
    };
  },
  ...layout(wholeWords),
};
