import { checkJsonSchema } from '../../reports/check.js';
import { historyJsonSchema } from '../../reports/history-schema.js';
import { resultJsonSchema } from '../../reports/validate.js';
import { policyJsonSchema } from '../qualify/policy-file.js';

const schemas = {
  result: resultJsonSchema,
  check: checkJsonSchema,
  history: historyJsonSchema,
  policy: policyJsonSchema,
};

/** `assay schema`: the JSON Schema of `assay.result/1`, `assay.check/1`, `assay.history/1` or `assay.policy/1`. @returns the exit code */
export function schema(of: keyof typeof schemas): number {
  const value = schemas[of]();
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
  return 0;
}
