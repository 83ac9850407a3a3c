import { describeAdapter, type ProbeAnswer } from './adapter-info.js';
import { listAdapterObjects } from './adapters.js';
import type { Create } from './dawn.js';

/**
 * Entry of a child process: loads Dawn in the environment it was given, prints what it finds as one line of
 * JSON and ends. Dawn and Vulkan drivers can crash or hang here without harm to the caller.
 */

const words = (error: unknown): string => (error instanceof Error ? error.message : String(error));

async function look(): Promise<ProbeAnswer> {
  let create: Create;
  try {
    ({ create } = await import('webgpu'));
  } catch (error) {
    return { error: { stage: 'load', message: words(error) } };
  }
  try {
    const { adapters, hidden } = await listAdapterObjects(create, 'safe');
    return { adapters: adapters.map(describeAdapter), hidden };
  } catch (error) {
    return { error: { stage: 'adapter', message: words(error) } };
  }
}

const answer = await look();
// Dawn, kept reachable, would hold the process; the line must be out before the process goes.
process.stdout.write(`${JSON.stringify(answer)}\n`, () => process.exit(0));
