import { checkJsonSchema } from '../../reports/check.js';
import { resultJsonSchema } from '../../reports/validate.js';

/** `assay schema`: the JSON Schema of `assay.result/1`, or of `assay.check/1`. @returns the exit code */
export function schema(of: 'result' | 'check'): number {
  const value = of === 'check' ? checkJsonSchema() : resultJsonSchema();
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
  return 0;
}
