import { findKernel } from '../kernels/index.js';
import { CardWorker } from './card-worker.js';
import { serveContestant } from './serve.js';

/** Entry of the process that owns a card. */
serveContestant(new CardWorker(findKernel));
