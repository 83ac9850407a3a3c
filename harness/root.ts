import { join } from 'node:path';
import { packageRoot } from './environment/root.js';

export { builtFile, packageRoot } from './environment/root.js';

/** WGSL is read from here at run time, as it stands in the sources. */
export const kernelsRoot = join(packageRoot, 'kernels');
