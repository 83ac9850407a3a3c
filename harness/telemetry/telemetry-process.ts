import type { Answer } from './messages.js';
import { request } from './messages.js';
import { openTelemetry } from './open.js';
import type { Telemetry, TelemetryRoots } from './types.js';

/** The process that talks to a driver: whoever waits for an answer from it can give up, and kill it. */
let telemetry: Telemetry | null = null;

async function answerTo(message: unknown): Promise<Answer> {
  const asked = request.parse(message);
  if ('open' in asked) {
    telemetry = await openTelemetry(asked.open.identity, asked.open.roots as TelemetryRoots);
    const { source, facts, problems } = telemetry;
    return { opened: { source, facts, problems: [...problems] } };
  }
  if (telemetry === null) throw new Error('sample before open');
  try {
    const figures = await telemetry.sample();
    return { figures, problems: [...telemetry.problems] };
  } catch (error) {
    return { lost: error instanceof Error ? error.message : String(error), problems: [...telemetry.problems] };
  }
}

process.on('message', (message) => {
  void answerTo(message).then((answer) => process.send?.(answer));
});
// The parent is gone, or has closed us.
process.on('disconnect', () => {
  void (telemetry?.close() ?? Promise.resolve()).finally(() => process.exit(0));
});
// Ctrl-C goes to the whole group; the parent decides when telemetry ends.
process.on('SIGINT', () => {});
