/**
 * The library: opens a card in a process of its own and computes on it.
 *
 * ```ts
 * import { openCard } from 'gpu-assay';
 * const card = await openCard();
 * const { digests } = await card.run('sha256', { messages: [new TextEncoder().encode('abc')] });
 * await card.close();
 * ```
 */
export { InputError, ShapeError } from '../kernels/errors.js';
export { Card, EnvironmentError, type OpenCardOptions, openCard, type Runs } from './card.js';
export { ProcessGone } from './contestant-process.js';
