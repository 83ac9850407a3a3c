import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { ThreadPool } from '../../bench/baselines/thread-pool.js';

const script = fileURLToPath(new URL('../fixtures/pool-thread.mjs', import.meta.url));
let pool: ThreadPool;
afterEach(() => pool.close());

test('every thread gets every task and answers in its place', async () => {
  pool = new ThreadPool(script, 3);
  const [first, second] = await Promise.all([pool.call({ do: 'id' }), pool.call({ do: 'id' })]);
  expect(new Set(first).size).toBe(3);
  expect(second).toEqual(first);
  expect(pool.failure).toBeNull();
});

// `first` is the thread that misbehaves; the other is still at work or asleep when the pool fails.
test.each([
  ['throws in a task', { do: 'throw' }, /^thread \d of 2: on purpose$/],
  ['throws outside of a task', { do: 'throw-later' }, /^thread \d of 2: later$/],
  ['ends', { do: 'exit', status: 7 }, /^thread \d of 2 ended with status 7$/],
])('a thread that %s fails the call that waits and all later ones', async (_, task, message) => {
  pool = new ThreadPool(script, 2);
  await expect(pool.call(task)).rejects.toThrow(message);
  expect(pool.failure?.message).toMatch(message);
  await expect(pool.call({ do: 'id' })).rejects.toThrow(message);
});

test('a script that is not there is an error of the call', async () => {
  pool = new ThreadPool('/nonexistent/thread.mjs', 1);
  await expect(pool.call({ do: 'id' })).rejects.toThrow(/thread 1 of 1.*nonexistent/);
});

test('closing ends the threads and whoever waits for them', async () => {
  pool = new ThreadPool(script, 2);
  const waiting = expect(pool.call({ do: 'never' })).rejects.toThrow('the threads were closed');
  await pool.close();
  await waiting;
  await expect(pool.call({ do: 'id' })).rejects.toThrow('the threads were closed');
});
