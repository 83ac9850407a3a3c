import { guarded, OutOfMemoryError } from '../submit.js';
import { restfully } from '../wait.js';

/** Chunks, largest first, and why there are no more. */
export interface Allocation {
  readonly buffers: readonly GPUBuffer[];
  readonly bytes: number;
  /** `device`: it let no more be allocated. `limit`: the caller wanted no more. */
  readonly endedBy: 'device' | 'limit';
  /** What was given back so that the driver and the test have room to work in. */
  readonly reserveBytes: number;
}

export interface AllocationOptions {
  /** Most bytes of all chunks together. */
  readonly limitBytes: number;
  /** Bytes of a full chunk, a power of two. */
  readonly chunkBytes: number;
  /** Smallest chunk worth having, a power of two. */
  readonly leastBytes: number;
  /** At least so many bytes are given back once the device refuses. */
  readonly reserveBytes: number;
}

/**
 * Allocates everything that the device lets allocate: full chunks until it refuses, then halves of them, down to the
 * least. Each lies inside an out-of-memory error scope, so a refusal is an answer and no crash.
 * @throws {SubmissionError} when the device refuses for another reason
 */
export async function allocateChunks(
  gpu: GPUDevice,
  { limitBytes, chunkBytes, leastBytes, reserveBytes }: AllocationOptions,
): Promise<Allocation> {
  const buffers: GPUBuffer[] = [];
  let endedBy: Allocation['endedBy'] = 'limit';
  /** Chunks from `size` down while they fit into `most`; sizes never rise, so that chunks stay in order. */
  const take = async (size: number, most: number): Promise<number> => {
    let taken = 0;
    while (size >= leastBytes) {
      const buffer = taken + size <= most ? await one(gpu, size) : null;
      if (buffer) {
        buffers.push(buffer);
        taken += size;
        continue;
      }
      if (taken + size <= most) endedBy = 'device';
      size /= 2;
    }
    return taken;
  };
  const taken = await take(chunkBytes, limitBytes);
  if ((endedBy as Allocation['endedBy']) === 'limit') return { buffers, bytes: taken, endedBy, reserveBytes: 0 };
  let reserve = 0;
  while (reserve < reserveBytes && buffers.length > 1) {
    const last = buffers.pop() as GPUBuffer;
    reserve += last.size;
    last.destroy();
  }
  // The last chunk may have been a large one: what is more than the reserve is taken again in smaller ones.
  const spare = reserve - reserveBytes;
  if (spare >= leastBytes) reserve -= await take(Math.min(powerOfTwo(spare), chunkBytes), spare);
  return { buffers, bytes: buffers.reduce((sum, { size }) => sum + size, 0), endedBy, reserveBytes: reserve };
}

async function one(gpu: GPUDevice, size: number): Promise<GPUBuffer | null> {
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const what = `allocating a chunk of ${size} bytes`;
  let buffer: GPUBuffer | null = null;
  try {
    buffer = await guarded(gpu, what, () => gpu.createBuffer({ label: 'chunk', size, usage }));
    const created = buffer;
    // Some drivers promise memory and look for it when it is first written.
    await guarded(gpu, what, async () => {
      const encoder = gpu.createCommandEncoder();
      encoder.clearBuffer(created);
      gpu.queue.submit([encoder.finish()]);
      await restfully(gpu.queue.onSubmittedWorkDone());
    });
    return buffer;
  } catch (error) {
    buffer?.destroy();
    if (error instanceof OutOfMemoryError) return null;
    throw error;
  }
}

/** Largest power of two that is not above `x`. */
export const powerOfTwo = (x: number): number => 2 ** Math.floor(Math.log2(x));
