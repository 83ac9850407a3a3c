import type { Kernel } from '../kernels/declaration.js';
import type { Calibration } from '../reports/schema.js';
import { median } from '../reports/statistics/index.js';
import type { Baseline } from './baseline.js';
import { Measuring } from './contestant.js';
import type { Answer, Contestant, Params } from './protocol.js';
import { Refusal } from './refusal.js';
import type { Inputs, Subject } from './subject.js';

const now = () => Number(process.hrtime.bigint());

/**
 * A baseline as a contestant: the same measuring loop as for our kernels, on the host's clock, since a
 * library's own GPU stamps are out of reach.
 */
export class HostTimed implements Contestant {
  readonly #baseline: Baseline;
  readonly #measuring: Measuring;

  constructor(baseline: Baseline, kernel: (id: string) => Kernel) {
    this.#baseline = baseline;
    const load = async (...[of, shape, , , inputs]: Parameters<LoadSubject>) =>
      loadSubject(baseline, of, shape, inputs);
    this.#measuring = new Measuring({ check: (of, shape) => this.#check(of, shape), load }, kernel, () => HOST_CLOCK);
  }

  /** @throws {BaselineUnavailable} */
  async open({ deviceName, software, mode }: Params<'open'>): Promise<Answer<'open'>> {
    const provenance = await this.#baseline.open({ deviceName, software, mode });
    return { device: null, calibration: null, provenance };
  }

  prepare = (params: Params<'prepare'>) => this.#measuring.prepare(params);
  round = (params: Params<'round'>) => this.#measuring.round(params);
  recheck = (params: Params<'recheck'>) => this.#measuring.recheck(params);
  release = (params: Params<'release'>) => this.#measuring.release(params);
  close = () => this.#baseline.close();

  #check(kernel: Kernel, shape: Parameters<Baseline['unsupported']>[1]): void {
    const why = this.#baseline.unsupported(kernel, shape);
    if (why !== null) throw new Refusal('skipped', 'baseline-unsupported', why);
  }
}

type LoadSubject = ConstructorParameters<typeof Measuring>[0]['load'];

/** `process.hrtime` counts nanoseconds; waiting for completion is part of what a caller of the library pays. */
const HOST_CLOCK: Calibration = {
  clock: 'host',
  resolutionNs: 1,
  overheadNs: 0,
  hostOverheadNs: 0,
  quantised: false,
};

async function loadSubject(
  baseline: Baseline,
  kernel: Kernel,
  shape: Parameters<Baseline['load']>[1],
  { pair, sets }: Inputs,
): Promise<Subject> {
  // Copies, so that a CPU library finds no input in its cache that a GPU would not find in its own.
  const inputs = Array.from({ length: sets }, (_, i) => (i < 2 ? pair[i] : structuredClone(pair[i % 2])));
  const loaded = await baseline.load(kernel, shape, inputs);
  let next = 0;
  let last = 0;
  const run = async () => {
    last = next;
    next = (next + 1) % inputs.length;
    await loaded.run(last);
  };
  // What waiting costs when there is nothing to wait for: batches outlast it as ours outlast an empty submission.
  await run();
  await loaded.finish();
  const waits: number[] = [];
  for (let i = 0; i < 5; i++) {
    const start = now();
    await loaded.finish();
    waits.push(now() - start);
  }
  return {
    clock: 'host',
    hostOverheadNs: median(waits),
    compileMs: null,
    deviceBytes: null,
    provenance: loaded.provenance,
    tuning: {},
    reasons: loaded.reasons,
    get lastSet() {
      return last;
    },
    // A library allocates its own outputs afresh: there is nothing of ours to poison or to guard.
    poison: async () => {},
    once: async (set) => {
      next = set;
      await run();
      await loaded.finish();
    },
    output: () => loaded.output(),
    checkInputs: async () => {},
    sample: async (count) => {
      const start = now();
      for (let i = 0; i < count; i++) await run();
      await loaded.finish();
      return { gpuNs: null, hostNs: now() - start };
    },
    release: () => loaded.release(),
  };
}
