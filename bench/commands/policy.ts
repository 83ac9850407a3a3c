import { DEFAULT_POLICY } from '../qualify/policy.js';
import { loadPolicy } from '../qualify/policy-file.js';

/** `assay policy`: the default policy, or what a file makes of it. @returns the exit code */
export function policy(path: string | undefined): number {
  process.stdout.write(`${JSON.stringify(path === undefined ? DEFAULT_POLICY : loadPolicy(path), null, 2)}\n`);
  return 0;
}
