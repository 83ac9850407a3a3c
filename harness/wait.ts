/** Blocks this thread for `ms` without using the processor: the cell never changes, so the wait always times out. */
const cell = new Int32Array(new SharedArrayBuffer(4));
const sleep = (ms: number) => Atomics.wait(cell, 0, 0, ms);

/** A sleep is this part of the time already waited, so that it delays the answer by 1.6 % at most. */
const PART = 1 / 64;
const LONGEST_MS = 0.5;

/**
 * Awaits work on the device without burning a core. Dawn's Node binding polls for completion on every turn of the
 * event loop, which otherwise spins: on a software adapter that takes a core away from the very work that is
 * waited for (half the rate on two cores), on a card it heats the host and disturbs neighbours.
 *
 * @param spinMs until here the event loop may spin. An operating system's shortest sleep is some 60 µs, which short
 *   samples on a card's host clock would feel.
 */
export async function restfully<T>(work: Promise<T>, spinMs = 0.2): Promise<T> {
  let pending = true;
  const start = performance.now();
  const brake = () => {
    if (!pending) return;
    const waited = performance.now() - start;
    if (waited > spinMs) sleep(Math.min(LONGEST_MS, waited * PART));
    setImmediate(brake);
  };
  setImmediate(brake);
  try {
    return await work;
  } finally {
    pending = false;
  }
}
