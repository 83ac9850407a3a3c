/**
 * What is said: the result file, the journal that it is built from, where both are kept, and every way
 * of showing a result. Knows no GPU and measures nothing; whatever it says stands in the result.
 */
export { type Across, acrossWorkloads } from './across.js';
export { buildResult } from './build-result.js';
export { type CardReference, cards, type Figure, type FoundCard, findCard } from './cards/index.js';
export * from './certificate/index.js';
export { CHECK_SCHEMA_ID, type Check, checkJsonSchema, writeCheck } from './check.js';
export type { Exporter } from './formats/exporter.js';
export { exporters } from './formats/index.js';
export { renderPage } from './html/page.js';
export { type Journal, JournalError, openJournal, readJournal } from './journal.js';
export type { JournalRecord } from './journal-records.js';
export { explainReason, reasonLabel } from './reasons.js';
export type { Measurement, Reason, ReasonCode, Result } from './schema.js';
export { SCHEMA_ID } from './schema.js';
export { newResultId, openStore, ResultFileError, readResult, type Store, StoreError, writeResult } from './store.js';
export { resultJsonSchema, type Validation, validateResult } from './validate.js';
