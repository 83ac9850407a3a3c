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
  let bytes = 0;
  let endedBy: Allocation['endedBy'] = 'limit';
  let size = chunkBytes;
  while (size >= leastBytes) {
    if (bytes + size > limitBytes) {
      size /= 2;
      continue;
    }
    const buffer = await one(gpu, size);
    if (buffer) {
      buffers.push(buffer);
      bytes += size;
    } else {
      endedBy = 'device';
      size /= 2;
    }
  }
  let reserve = 0;
  while (endedBy === 'device' && reserve < reserveBytes && buffers.length > 1) {
    const last = buffers.pop() as GPUBuffer;
    reserve += last.size;
    last.destroy();
  }
  return { buffers, bytes: bytes - reserve, endedBy, reserveBytes: reserve };
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
