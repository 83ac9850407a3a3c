import { HostTimed } from '../../harness/host-timed.js';
import { serveContestant } from '../../harness/serve.js';
import { findKernel } from '../../kernels/index.js';
import { baselines } from './index.js';

/** Entry of a baseline's process; its argument is the baseline's id. */
const entry = baselines.find((b) => b.id === process.argv[2]);
if (!entry) throw new Error(`no baseline "${process.argv[2]}"`);
serveContestant(new HostTimed(await entry.load(), findKernel));
