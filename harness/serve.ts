import { type Contestant, type Method, methods, request } from './protocol.js';

/**
 * Puts a contestant on this process's message channel, one request at a time. Unusable when the process
 * was not started by `ContestantProcess`.
 */
export function serveContestant(contestant: Contestant): void {
  if (!process.send) throw new Error('this process is started by assay and has nothing to do by itself');
  let queue: Promise<void> = Promise.resolve();
  process.on('message', (message) => {
    queue = queue.then(() => answer(contestant, message));
  });
  // The terminal sends Ctrl-C to every process of the group; the parent decides what happens then.
  process.on('SIGINT', () => {});
  // A parent that is gone takes its children with it, whatever they are doing.
  process.on('disconnect', () => process.exit(0));
}

async function answer(contestant: Contestant, message: unknown): Promise<void> {
  const { id, method, params } = request.parse(message);
  try {
    if (method === 'close') {
      await contestant.close();
      // Exits once the answer is through: a driver's threads would otherwise keep the process alive.
      process.send?.({ id, result: {} }, () => process.exit(0));
      return;
    }
    const schema = methods[method as Method];
    const call = contestant[method as Method] as ((params: unknown) => Promise<unknown>) | undefined;
    if (!schema || !call) throw new Error(`this process does not answer "${method}"`);
    const result = await call.call(contestant, schema.params.parse(params));
    process.send?.({ id, result: result ?? {} });
  } catch (error) {
    const { name, message: text, stack } = error instanceof Error ? error : new Error(String(error));
    const remedy = error instanceof Error && 'remedy' in error ? String(error.remedy) : undefined;
    process.send?.({ id, error: { name, message: text, ...(stack && { stack }), ...(remedy && { remedy }) } });
  }
}
