import { describe, expect, test } from 'vitest';
import { globals } from 'webgpu';
import { allocateChunks } from '../../harness/memory-test/allocate.js';
import { SubmissionError } from '../../harness/submit.js';

Object.assign(globalThis, globals);
const MIB = 2 ** 20;
const SIZES = { chunkBytes: 1024 * MIB, leastBytes: 16 * MIB, reserveBytes: 64 * MIB };

/** A device with so much memory. `late`: it promises everything and notices at the first write. */
function deviceOf(bytes: number, late = false) {
  let free = bytes;
  let error: string | null = null;
  const take = (size: number) => {
    if (size > free) error = 'out of memory';
    else free -= size;
  };
  return {
    free: () => free,
    gpu: {
      pushErrorScope() {},
      async popErrorScope() {
        const message = error;
        error = null;
        return message === null ? null : { message };
      },
      createBuffer({ size }: { size: number }) {
        let held = false;
        const hold = () => {
          const before = free;
          take(size);
          held = free < before;
        };
        if (!late) hold();
        const destroy = () => {
          if (held) free += size;
          held = false;
        };
        return { size, destroy, hold: () => late && hold() };
      },
      createCommandEncoder: () => ({ clearBuffer: (buffer: { hold(): void }) => buffer.hold(), finish() {} }),
      queue: { submit() {}, async onSubmittedWorkDone() {} },
    } as unknown as GPUDevice,
  };
}

describe('chunks', () => {
  for (const late of [false, true])
    test.each([8.2, 11, 15.9, 23.6, 79.3])(
      `of %f GiB at least 95 % are taken, a reserve is left${late ? ', though it is refused late' : ''}`,
      async (gib) => {
        const bytes = gib * 1024 * MIB;
        const device = deviceOf(bytes, late);
        const taken = await allocateChunks(device.gpu, { ...SIZES, limitBytes: Number.POSITIVE_INFINITY });
        expect(taken.endedBy).toBe('device');
        expect(taken.bytes).toBe(taken.buffers.reduce((sum, { size }) => sum + size, 0));
        expect(taken.bytes).toBe(bytes - device.free());
        expect(taken.bytes / bytes).toBeGreaterThanOrEqual(0.95);
        expect(device.free()).toBeGreaterThanOrEqual(SIZES.reserveBytes);
        expect(taken.buffers.every(({ size }) => Number.isInteger(Math.log2(size)))).toBe(true);
        const sizes = taken.buffers.map(({ size }) => size);
        expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
      },
    );

  test('no more than was asked for', async () => {
    const device = deviceOf(8192 * MIB);
    const taken = await allocateChunks(device.gpu, { ...SIZES, limitBytes: 2600 * MIB });
    expect([taken.endedBy, taken.bytes, taken.reserveBytes]).toEqual(['limit', 2592 * MIB, 0]);
  });

  test('a device without memory gives none, and nothing is thrown', async () => {
    const taken = await allocateChunks(deviceOf(MIB).gpu, { ...SIZES, limitBytes: 2 ** 40 });
    expect(taken.buffers).toEqual([]);
  });

  test('a refusal that is not about memory is an error', async () => {
    const { gpu } = deviceOf(2 ** 40);
    let scope = 0;
    // Scopes are popped in the order out-of-memory, internal, validation.
    Object.assign(gpu, { popErrorScope: async () => (scope++ % 3 === 2 ? { message: 'too large' } : null) });
    await expect(allocateChunks(gpu, { ...SIZES, limitBytes: 2 ** 40 })).rejects.toThrow(SubmissionError);
  });
});
