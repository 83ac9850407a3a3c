import { describe, expect, test } from 'vitest';
import { runCommand } from '../../bench/baselines/external/command.js';

/** Node itself is the one program that is surely here; the shell is the user's. */
const node = (code: string) => `"${process.execPath}" -e '${code}'`;
const run = (command: string, { signal = new AbortController().signal, timeoutMs = 60_000 } = {}) =>
  runCommand(command, { env: { ASSAY_SEED: '7' }, timeoutMs, signal });

describe('an external command', () => {
  test('runs in the shell with our variables beside the environment; only standard output counts', async () => {
    const print = node('console.error("chatter"); console.log(process.env.ASSAY_SEED, Boolean(process.env.PATH))');
    expect(await run(`${print} | tr 7 8`)).toBe('8 true\n');
  });

  test.each([
    ['fails', node('console.error("one\\nno device\\n"); process.exit(3)'), 'exited with status 3: no device'],
    ['fails without a word', 'exit 4', 'exited with status 4'],
    ['is not there', 'assay-no-such-program', 'exited with status 127'],
    ['is killed', 'kill -9 $$', 'was killed by SIGKILL'],
  ])('that %s says so', async (_, command, message) => {
    await expect(run(command)).rejects.toThrow(message);
  });

  // Each of these has a child of its own that holds the output open for ever: only its end lets the call return.
  const endless = `${node('setInterval(() => {}, 1000)')} & wait`;

  test('that takes too long is ended with all that it started', async () => {
    await expect(run(endless, { timeoutMs: 300 })).rejects.toThrow('was ended after 0.3 s');
  });

  test('is ended with all that it started when the run is interrupted', async () => {
    const stop = new AbortController();
    const waiting = expect(run(endless, { signal: stop.signal })).rejects.toThrow('was interrupted');
    stop.abort();
    await waiting;
    await expect(run(endless, { signal: stop.signal })).rejects.toThrow('was interrupted');
  });

  test('that prints without end is ended', async () => {
    await expect(run('yes')).rejects.toThrow('printed more than 64 MiB');
  });
});
