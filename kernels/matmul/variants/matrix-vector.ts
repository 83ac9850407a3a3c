import type { Plan } from '../../declaration.js';
import { pick, up } from '../../tiles.js';
import { checkWorkgroup } from '../../workgroup.js';
import { layout, type MatmulVariant, type Padding } from '../layout.js';
import { FEW_ROWS, fewRows, sizesOf } from '../sizes.js';
import type { Storage } from '../storage.js';
import { singleDispatch, sizeConstants, storing } from './plan.js';

/** More rows than these take more workgroups, each of which reads b again. */
const rowsOf = (m: number): number => Math.min(m, FEW_ROWS);

const padding: Padding = (sizes, tuning) => ({
  ...sizes,
  m: up(sizes.m, rowsOf(sizes.m)),
  n: up(sizes.n, sizes.transposeB ? pick(tuning, 'columns') : 4 * pick(tuning, 'groupX')),
  k: up(sizes.k, 4),
});

interface Adding {
  /** The module that adds up over a workgroup. */
  readonly total: 'total-workgroup' | 'total-subgroup';
  /** Bytes of workgroup memory for so many invocations and outputs. */
  bytes(group: number, outputs: number): number;
}

const throughMemory: Adding = { total: 'total-workgroup', bytes: (group, outputs) => 4 * group * outputs };
const bySubgroups: Adding = { total: 'total-subgroup', bytes: (group, outputs) => group * outputs };

function matrixVector(storage: Storage, id: string, { total, bytes }: Adding, features: readonly string[]) {
  const plan: MatmulVariant['plan'] = (shape, tuning, limits): Plan => {
    const sizes = padding(sizesOf(shape), tuning);
    const rows = rowsOf(sizes.m);
    if (!sizes.transposeB) {
      const [x, y] = [pick(tuning, 'groupX'), pick(tuning, 'groupY')];
      checkWorkgroup(`matmul/${id}`, x * y, 16 * x * y, limits);
      const constants = { ...sizeConstants(sizes), GROUP_X: x, GROUP_Y: y, ROWS: rows };
      const dispatch = { wgsl: 'matmul/vector-columns.wgsl', ...storing(storage), constants };
      return singleDispatch(dispatch, sizes, storage, [rows, 4 * x]);
    }
    const [group, columns] = [pick(tuning, 'group'), pick(tuning, 'columns')];
    const outputs = rows * columns;
    checkWorkgroup(`matmul/${id}`, group, bytes(group, outputs), limits);
    const constants = { ...sizeConstants(sizes), GROUP: group, ROWS: rows, COLUMNS: columns, OUTPUTS: outputs };
    const subgroups = features.includes('subgroups') ? ['subgroups'] : [];
    const { modules, aliases, enables } = storing(storage, ...subgroups);
    const header = { aliases, enables, modules: [...modules, `matmul/${total}.wgsl`], constants };
    const languageFeatures = features.filter((feature) => feature === 'subgroup_id');
    const dispatch = { wgsl: 'matmul/vector-rows.wgsl', ...header, languageFeatures };
    return singleDispatch(dispatch, sizes, storage, [rows, columns]);
  };
  return {
    id,
    requires: [...features, ...storage.requires],
    // `group` and `columns` are for b given transposed, the others for b as k × n.
    tuning: { group: [64, 32, 128, 256], columns: [4, 8, 16], groupX: [8, 16, 32], groupY: [32, 16, 8] },
    plan,
    ...layout(storage, padding),
  };
}

export function matrixVectorInMemory(storage: Storage): MatmulVariant {
  return {
    ...matrixVector(storage, 'matrix-vector', throughMemory, []),
    story:
      'For few rows of a: no tile, every number of b read once, side by side and as vec4, several rows of it under way ' +
      'at once; the workgroup adds up its sums through workgroup memory.',
    suits: fewRows,
  };
}

export function matrixVectorBySubgroups(storage: Storage): MatmulVariant {
  return {
    ...matrixVector(storage, 'matrix-vector-subgroup', bySubgroups, ['subgroups', 'subgroup_id']),
    story:
      'Adds up within a subgroup by one instruction, in registers, so that one barrier is left where there was one for ' +
      'every halving. For b given transposed; else there is nothing to add up within a subgroup.',
    suits: (shape) => fewRows(shape) && sizesOf(shape).transposeB,
  };
}
