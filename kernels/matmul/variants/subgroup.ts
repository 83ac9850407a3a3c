import { narrowSubgroups } from '../../narrow-subgroups.js';
import { pick, up } from '../../tiles.js';
import { checkWorkgroup } from '../../workgroup.js';
import { layout, type MatmulVariant, type Padding } from '../layout.js';
import { manyRows, sizesOf } from '../sizes.js';
import type { Storage } from '../storage.js';
import { singleDispatch, sizeConstants, storing } from './plan.js';

const padding: Padding = (sizes, tuning) => ({
  ...sizes,
  m: up(sizes.m, pick(tuning, 'rows')),
  n: up(sizes.n, 4 * pick(tuning, 'group')),
  k: up(sizes.k, 4),
});

export function subgroup(storage: Storage): MatmulVariant {
  return {
    id: 'subgroup',
    story:
      'Replaces workgroup memory and its barriers by shuffles: each lane loads a different value of a and hands it to ' +
      'the others. Wins where loads are dear and shuffles cheap, as on software adapters.',
    requires: ['subgroups', ...storage.requires],
    suits: manyRows,
    // 16 rows reuse b most; 32 were ten times slower on a software adapter, which has 16 vector registers.
    tuning: { group: [32, 8, 64], rows: [16, 8] },
    plan(shape, tuning, limits) {
      const sizes = padding(sizesOf(shape), tuning);
      const [group, rows] = [pick(tuning, 'group'), pick(tuning, 'rows')];
      checkWorkgroup('matmul/subgroup', group, 0, limits);
      const constants = { ...sizeConstants(sizes), GROUP: group, ROWS: rows, NARROW: narrowSubgroups(limits) };
      const dispatch = { wgsl: 'matmul/subgroup.wgsl', ...storing(storage, 'subgroups'), constants };
      return singleDispatch(dispatch, sizes, storage, [rows, 4 * group]);
    },
    ...layout(storage, padding),
  };
}
