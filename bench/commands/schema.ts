import { resultJsonSchema } from '../../reports/validate.js';

/** `assay schema`: the JSON Schema of `assay.result/1`. @returns the exit code */
export function schema(): number {
  process.stdout.write(`${JSON.stringify(resultJsonSchema(), null, 2)}\n`);
  return 0;
}
