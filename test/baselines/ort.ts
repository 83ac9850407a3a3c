import { importOrt } from '../../bench/baselines/onnxruntime-session.js';

/** Why ONNX Runtime, an optional dependency, cannot be loaded here; null where it can. */
export const unavailable = await importOrt('cpu').then(
  () => null,
  (error: Error) => error.message,
);
/** For titles of tests that are skipped then. */
export const why = unavailable === null ? '' : ` (skipped: ${unavailable})`;
