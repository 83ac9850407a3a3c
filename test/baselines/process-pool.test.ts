import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { ProcessPool } from '../../bench/baselines/process-pool.js';

const script = fileURLToPath(new URL('../fixtures/pool-process.mjs', import.meta.url));
let pool: ProcessPool;
afterEach(() => pool.close());

test('every process gets every task and answers in its place', async () => {
  pool = new ProcessPool(script, 3);
  const [first, second] = await Promise.all([pool.call(() => ({ do: 'id' })), pool.call(() => ({ do: 'id' }))]);
  expect(new Set(first).size).toBe(3);
  expect(second).toEqual(first);
  expect(pool.failure).toBeNull();
});

test.each([
  ['throws in a task', { do: 'throw' }, /^process \d of 2: on purpose$/],
  ['throws outside of a task', { do: 'throw-later' }, /^process \d of 2 ended with status 1: Error: later$/],
  ['is killed', { do: 'kill' }, /^process \d of 2 was killed by SIGKILL$/],
  ['ends', { do: 'exit', status: 7 }, /^process \d of 2 ended with status 7$/],
])('a process that %s fails the call that waits and all later ones', async (_, task, message) => {
  pool = new ProcessPool(script, 2);
  await expect(pool.call(() => task)).rejects.toThrow(message);
  expect(pool.failure?.message).toMatch(message);
  await expect(pool.call(() => ({ do: 'id' }))).rejects.toThrow(message);
});

test('a script that is not there is an error of the call', async () => {
  pool = new ProcessPool('/nonexistent/script.mjs', 1);
  await expect(pool.call(() => ({ do: 'id' }))).rejects.toThrow(
    /process 1 of 1 ended with status 1: Error: Cannot find module/,
  );
});

test('closing ends the processes and whoever waits for them', async () => {
  pool = new ProcessPool(script, 2);
  const waiting = expect(pool.call(() => ({ do: 'never' }))).rejects.toThrow('the processes were closed');
  await pool.close();
  await waiting;
  await expect(pool.call(() => ({ do: 'id' }))).rejects.toThrow('the processes were closed');
});
