import { describe, expect, test } from 'vitest';
import { Measuring } from '../../harness/contestant.js';
import type { PrepareParams } from '../../harness/protocol.js';
import type { Subject } from '../../harness/subject.js';
import type { Kernel, Shape } from '../../kernels/declaration.js';
import { randomWords } from '../../kernels/random.js';

/** A device that only counts: what it was asked, in order, and how long it says that took. */
class FakeDevice {
  readonly log: string[] = [];
  readonly loads: { shape: Shape; sets: number }[] = [];
  executions = 0;
  constructor(
    readonly nsPerWord: number,
    readonly behaviour: { diesAfter?: number; loseStamp?: (sample: number) => boolean; overheadNs?: number } = {},
  ) {}
  samples = 0;

  subject(shape: Shape, pair: readonly [unknown, unknown], sets: number): Subject {
    this.loads.push({ shape, sets });
    const length = shape.length as number;
    let [next, last] = [0, 0];
    let output = new Uint32Array(length);
    const execute = () => {
      this.executions++;
      last = next % sets;
      next = last + 1;
      if (this.executions > (this.behaviour.diesAfter ?? Number.POSITIVE_INFINITY)) return;
      output = (pair[last % 2] as Uint32Array).map((v) => v + 1);
    };
    return {
      ...{
        clock: 'gpu' as const,
        compileMs: 1,
        deviceBytes: 8,
        provenance: null,
        tuning: {},
        reasons: [],
        hostOverheadNs: null,
      },
      get lastSet() {
        return last;
      },
      poison: async (what) => {
        this.log.push(`poison ${what}`);
        output = new Uint32Array(length).fill(0xffffffff);
      },
      once: async (set) => {
        next = set;
        execute();
      },
      output: async () => output,
      checkInputs: async () => {
        this.log.push('inputs');
      },
      sample: async (count) => {
        this.samples++;
        this.log.push(`sample ${count}`);
        for (let i = 0; i < count; i++) execute();
        const ns = count * length * this.nsPerWord;
        return { gpuNs: this.behaviour.loseStamp?.(this.samples) ? null : ns, hostNs: ns + 100_000 };
      },
      release: async () => {
        this.log.push('release');
      },
    };
  }
}

const kernel = {
  id: 'fake',
  family: 'arithmetic',
  axes: [{ name: 'length', token: 'n', meaning: 'words', min: 1, max: 2 ** 30 }],
  probes: [{ length: 1 }, { length: 3 }],
  pilot: { length: 10 },
  input: ({ length }: Shape, seed: number) => {
    const next = randomWords(seed);
    return Uint32Array.from({ length: length as number }, () => next() >>> 1);
  },
  oracle: (_shape: Shape, input: unknown) => ({
    method: 'every word',
    tolerance: { kind: 'exact' },
    check: (got: unknown) => {
      const at = (input as Uint32Array).findIndex((v, i) => v + 1 !== (got as Uint32Array)[i]);
      return at < 0 ? { correct: true, maxError: 0 } : { correct: false, maxError: null, detail: `word ${at}` };
    },
  }),
  work: ({ length }: Shape) => ({ operations: length as number, unit: 'flop', bytes: (length as number) * 8 }),
} as unknown as Kernel;

function measuring(device: FakeDevice) {
  const calibration = { clock: 'gpu', resolutionNs: 10, overheadNs: 0, hostOverheadNs: 0, quantised: false } as const;
  const loader = {
    check: () => {},
    load: async (
      _k: Kernel,
      shape: Shape,
      _i: string,
      _t: unknown,
      inputs: { pair: readonly [unknown, unknown]; sets: number },
    ) => device.subject(shape, inputs.pair, inputs.sets),
  };
  return new Measuring(
    loader,
    () => kernel,
    () => ({ ...calibration, overheadNs: device.behaviour.overheadNs ?? 0 }),
  );
}

const params = (more: Partial<PrepareParams> = {}): PrepareParams => ({
  ...{ handle: 1, kernel: 'fake', shape: { length: 1000 }, implementation: 'assay/fake', tuning: {}, seeds: [1, 2] },
  ...{ rotationBytes: 40_000, maxInputSets: 16, budgetMs: 1000, pilotSlack: 1, minExecutions: 10 },
  ...{ warmup: { executions: 5, ms: 0 } },
  ...more,
});

describe('the measuring loop', () => {
  test('verifies odd shapes and the pilot first, then the workload, with both seeds', async () => {
    const device = new FakeDevice(100);
    const answer = await measuring(device).prepare(params());
    expect(answer).toMatchObject({ status: 'ready', correctness: { status: 'correct', seeds: [1, 2] } });
    expect(device.loads.map((l) => l.shape.length)).toEqual([1, 3, 10, 1000]);
  });

  test('takes as many input sets as pass the cache, two at least, never more than allowed', async () => {
    for (const [rotationBytes, maxInputSets, sets] of [
      [40_000, 16, 5],
      [0, 16, 2],
      [1e9, 16, 16],
    ] as const) {
      const answer = await measuring(new FakeDevice(100)).prepare(params({ rotationBytes, maxInputSets }));
      expect(answer.inputSets).toBe(sets);
    }
  });

  test('batches until a sample lasts 2 ms, or outlasts the overhead, or reaches 100 ms', async () => {
    // One execution: 1000 words at 100 ns, 0.1 ms.
    expect((await measuring(new FakeDevice(100)).prepare(params())).batch).toBe(20);
    expect((await measuring(new FakeDevice(100, { overheadNs: 50_000 })).prepare(params())).batch).toBe(50);
    expect((await measuring(new FakeDevice(100, { overheadNs: 9_000_000 })).prepare(params())).batch).toBe(1000);
    expect((await measuring(new FakeDevice(5000)).prepare(params())).batch).toBe(1);
  });

  test('a sample is the time of its batch divided by the executions in it, and all of them are executed', async () => {
    const device = new FakeDevice(100);
    const loop = measuring(device);
    const { batch } = await loop.prepare(params());
    const before = device.executions;
    device.log.length = 0;
    const round = await loop.round({ handle: 1, samples: 3 });
    expect(round.samplesNs).toEqual([100_000, 100_000, 100_000]);
    expect(round.hostSamplesNs[0]).toBeCloseTo(100_000 + 100_000 / batch, 6);
    expect(round.reasons).toEqual([]);
    // Spun up untimed, then poisoned, then timed: the output that is judged is the timed executions' own.
    expect(device.log).toEqual([`sample ${batch}`, 'poison outputs', ...Array(3).fill(`sample ${batch}`)]);
    expect(device.executions - before).toBe(4 * batch);
  });

  test('an implementation that stops working while it is timed is wrong, whatever it left before', async () => {
    for (let after = 40; after < 80; after++) {
      const device = new FakeDevice(100, { diesAfter: after });
      const loop = measuring(device);
      const prepared = await loop.prepare(params());
      if (prepared.status !== 'ready') continue;
      const [first, second] = [
        await loop.round({ handle: 1, samples: 2 }),
        await loop.round({ handle: 1, samples: 2 }),
      ];
      expect(
        [...first.reasons, ...second.reasons].map((r) => r.code),
        `after ${after}`,
      ).toContain('wrong-after-timing');
    }
  });

  test('samples without a usable stamp are left out and counted, not replaced by the host’s time', async () => {
    const device = new FakeDevice(100, { loseStamp: (sample) => sample % 2 === 0 });
    const loop = measuring(device);
    await loop.prepare(params());
    const round = await loop.round({ handle: 1, samples: 4 });
    expect(round.discarded).toBe(2);
    expect(round.samplesNs).toEqual([100_000, 100_000]);
    expect(round.hostSamplesNs).toHaveLength(2);
  });

  test('refuses by the pilot what would take too long, and by the first real execution what the pilot flattered', async () => {
    const device = new FakeDevice(1e6);
    expect(await measuring(device).prepare(params())).toMatchObject({
      status: 'skipped',
      reasons: [{ code: 'too-slow-for-adapter', detail: expect.stringContaining('the budget is 1 s') }],
    });
    expect(device.loads.map((l) => l.shape.length)).not.toContain(1000);
    const lenient = new FakeDevice(1e6);
    expect(await measuring(lenient).prepare(params({ pilotSlack: 100 }))).toMatchObject({ status: 'skipped' });
    expect(lenient.loads.map((l) => l.shape.length)).toContain(1000);
    expect(lenient.log.at(-1)).toBe('release');
  });

  test('warms up for as many executions and as long as asked', async () => {
    const device = new FakeDevice(5000);
    await measuring(device).prepare(params({ warmup: { executions: 40, ms: 0 } }));
    const warm = device.log.slice(device.log.lastIndexOf('inputs') + 2).map((line) => Number(line.split(' ')[1]));
    expect(warm.reduce((a, b) => a + b, 0)).toBeGreaterThanOrEqual(40);
  });

  test('the last check looks at inputs too', async () => {
    const device = new FakeDevice(100);
    const loop = measuring(device);
    await loop.prepare(params());
    device.log.length = 0;
    expect((await loop.recheck({ handle: 1 })).reasons).toEqual([]);
    expect(device.log).toEqual(['inputs']);
    await loop.release({ handle: 1 });
    await expect(loop.round({ handle: 1, samples: 1 })).rejects.toThrow(/nothing is prepared/);
  });
});
