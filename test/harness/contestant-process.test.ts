import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { ContestantProcess, ProcessGone } from '../../harness/contestant-process.js';
import { DEVICE_LOST_EXIT } from '../../harness/protocol.js';

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
const open = { deviceName: null, software: null, mode: 'safe' } as const;

describe('a process that answers no more', () => {
  test('killed by a signal: every waiting call learns it, later ones too', async () => {
    const child = new ContestantProcess('victim', fixture('silent-worker.mjs'), [], {});
    const waiting = [child.call('open', open, 60_000), child.call('release', { handle: 1 }, 60_000)];
    process.kill(child.pid as number, 'SIGKILL');
    for (const call of waiting) await expect(call).rejects.toThrow(/victim was killed by SIGKILL/);
    await expect(child.call('open', open, 60_000)).rejects.toMatchObject({ name: 'ProcessGone', how: 'worker-died' });
    await child.close();
  });

  test('hung: it is killed when its time is over', async () => {
    const child = new ContestantProcess('sleeper', fixture('silent-worker.mjs'), [], {});
    await expect(child.call('open', open, 50)).rejects.toMatchObject({ how: 'worker-hung' });
    await child.kill();
    expect(child.gone).toBeInstanceOf(ProcessGone);
  });

  test('its exit status and last words are kept', async () => {
    const child = new ContestantProcess('quitter', fixture('exiting-worker.mjs'), ['3'], {});
    await expect(child.call('open', open, 60_000)).rejects.toThrow(/quitter exited with status 3.*last words/s);
  });

  test('a lost device is told apart from a crash', async () => {
    const child = new ContestantProcess('card', fixture('exiting-worker.mjs'), [String(DEVICE_LOST_EXIT)], {});
    await expect(child.call('open', open, 60_000)).rejects.toMatchObject({ how: 'device-lost' });
  });

  test('a script that does not exist is a death, not a hang', async () => {
    const child = new ContestantProcess('nobody', fixture('no-such-script.mjs'), [], {});
    await expect(child.call('open', open, 60_000)).rejects.toMatchObject({ how: 'worker-died' });
  });

  test('messages of the wrong form are refused before they are sent', async () => {
    const child = new ContestantProcess('strict', fixture('silent-worker.mjs'), [], {});
    await expect(child.call('round', { handle: 1, samples: 0 }, 1000)).rejects.toThrow(/samples/);
    await child.kill();
  });
});
