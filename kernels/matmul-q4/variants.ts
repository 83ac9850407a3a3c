import { BLOCK } from './format.js';
import { BINDINGS, buffers, layout, type MatmulQ4Variant, wholeWords } from './layout.js';

export const naive: MatmulQ4Variant = {
  id: 'naive',
  story: 'One invocation per word of c, two elements: every weight is taken out of its word by itself.',
  plan(shape) {
    const size = wholeWords(shape);
    const { m, n, k } = size;
    return {
      buffers: buffers(size),
      dispatches: [
        {
          wgsl: 'matmul-q4/naive.wgsl',
          constants: { M: m, N: n, BLOCKS: k / BLOCK, GROUP_X: 16, GROUP_Y: 4 },
          bindings: BINDINGS,
          workgroups: [Math.ceil(n / 32), Math.ceil(m / 4), 1],
        },
      ],
    };
  },
  ...layout(wholeWords),
};
