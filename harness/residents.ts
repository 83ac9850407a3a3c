import type { BufferContents, Dispatch, Plan } from '../kernels/declaration.js';
import { allocate, type DeviceBuffer, upload } from './buffers.js';
import { bindGroup, encodeDispatch } from './dispatch.js';
import type { Compiled } from './pipelines.js';
import { guarded } from './submit.js';
import { restfully } from './wait.js';

/** Filling a plan's resident buffers would take longer than whoever waits for it allows. */
export class SetupTooSlowError extends Error {
  override name = 'SetupTooSlowError';
}

/** The first dispatches are slow for reasons of their own; a prediction from so short a time would be wrong. */
const LEAST_MS_TO_PREDICT = 4000;

/** The filled resident buffers of a plan. */
export interface Residents {
  readonly buffers: readonly DeviceBuffer[];
  /** What those were filled from that no setup fills. */
  readonly contents: BufferContents;
}

interface Held extends Residents {
  readonly key: string;
  /** What the variant encoded, which another plan must have encoded too. */
  readonly encoded: BufferContents;
  uses: number;
}

/**
 * Resident buffers by what they are filled from; one device, so one cache. The variants of a kernel share them: a
 * card holds its Ethash DAG once, and makes it once, however many variants are compared on it.
 */
export class ResidentCache {
  readonly #device: GPUDevice;
  #held: Held[] = [];
  constructor(device: GPUDevice) {
    this.#device = device;
  }

  /**
   * Those of an earlier plan that declares the same buffers and the same setup and was given the very same objects;
   * else allocated and filled. Each is to be released once.
   * @param mostMs for the setup, predicted from the part that is done
   * @throws {OutOfMemoryError | SetupTooSlowError} with nothing left allocated
   */
  async acquire(
    plan: Plan,
    setup: readonly Compiled[],
    contents: BufferContents,
    mostMs = Number.POSITIVE_INFINITY,
  ): Promise<Residents> {
    const plans = plan.buffers.filter(({ role }) => role === 'resident');
    const encoded = Object.fromEntries(plans.flatMap(({ name }) => (contents[name] ? [[name, contents[name]]] : [])));
    // What the plan itself puts in is part of the key.
    const planned = Object.fromEntries(plans.flatMap((p) => (p.contents ? [[p.name, p.contents]] : [])));
    const given: BufferContents = { ...planned, ...encoded };
    const key = JSON.stringify([plans, plan.setup ?? []]);
    const known = this.#held.find((held) => held.key === key && sameObjects(held.encoded, encoded));
    if (known) {
      known.uses++;
      return known;
    }
    const buffers: DeviceBuffer[] = [];
    const held: Held = { key, buffers, contents: given, encoded, uses: 1 };
    try {
      for (const buffer of plans) buffers.push(await allocate(this.#device, buffer));
      for (const buffer of buffers) {
        const view = given[buffer.plan.name];
        if (view) await upload(this.#device, buffer, view);
      }
      const start = performance.now();
      const dispatches = plan.setup ?? [];
      for (const [i, dispatch] of dispatches.entries()) {
        await this.#run(dispatch, setup[i] as Compiled, buffers, contents);
        refuseIfSlow(performance.now() - start, (i + 1) / dispatches.length, mostMs);
      }
    } catch (error) {
      for (const { gpu } of buffers) gpu.destroy();
      throw error;
    }
    this.#held.push(held);
    return held;
  }

  release(residents: Residents): void {
    const held = this.#held.find((one) => one === residents);
    if (!held || --held.uses > 0) return;
    for (const { gpu } of held.buffers) gpu.destroy();
    this.#held = this.#held.filter((one) => one !== held);
  }

  async #run(dispatch: Dispatch, compiled: Compiled, buffers: readonly DeviceBuffer[], contents: BufferContents) {
    await guarded(this.#device, 'setting up', async () => {
      const encoder = this.#device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      encodeDispatch(pass, dispatch, compiled, bindGroup(this.#device, dispatch, compiled, buffers), contents);
      pass.end();
      this.#device.queue.submit([encoder.finish()]);
      await restfully(this.#device.queue.onSubmittedWorkDone());
    });
  }
}

function refuseIfSlow(elapsedMs: number, share: number, mostMs: number): void {
  const predictedMs = elapsedMs / share;
  if (elapsedMs > LEAST_MS_TO_PREDICT && predictedMs > mostMs)
    throw new SetupTooSlowError(
      `what stays on the device would take about ${Math.round(predictedMs / 1000)} s to make here; ` +
        `at most ${mostMs / 1000} s are allowed`,
    );
}

function sameObjects(a: BufferContents, b: BufferContents): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
