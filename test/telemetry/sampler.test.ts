import { describe, expect, test } from 'vitest';
import { Sampler, type SamplerOptions } from '../../harness/telemetry/sampler.js';
import { type Figures, noFacts, noFigures, type Telemetry, TelemetryLost } from '../../harness/telemetry/types.js';
import { telemetrySample } from '../../reports/schema.js';

/** A clock and a timer that stand still until told otherwise. */
class Time {
  now = 0;
  #next: { at: number; callback: () => void } | null = null;
  readonly setTimer = (callback: () => void, ms: number) => {
    const timer = { at: this.now + ms, callback };
    this.#next = timer;
    return () => {
      if (this.#next === timer) this.#next = null;
    };
  };

  get pending(): number | null {
    return this.#next?.at ?? null;
  }

  /** Moves on to `ms`, firing what falls due, `late` after it is due. */
  async until(ms: number, late = 0): Promise<void> {
    while (this.#next && this.#next.at <= ms) {
      const { at, callback } = this.#next;
      this.#next = null;
      this.now = Math.max(this.now, at + late);
      callback();
      await settled();
    }
    this.now = Math.max(this.now, ms);
  }
}
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

type Answer = () => Promise<Figures>;
const watts = (powerWatts: number): Figures => ({ ...noFigures(), powerWatts });
const lost: Answer = async () => {
  throw new TelemetryLost('GPU is lost');
};

function sampling(answer: Answer, options: SamplerOptions = {}) {
  const time = new Time();
  let closed = 0;
  const source = { answer };
  const telemetry: Telemetry = {
    ...{ source: 'nvml', facts: noFacts, problems: [] },
    sample: () => source.answer(),
    close: async () => {
      closed++;
    },
  };
  const sampler = new Sampler(telemetry, { clock: () => time.now, setTimer: time.setTimer, ...options });
  return { time, sampler, source, closed: () => closed };
}
const moments = (sampler: Sampler) => sampler.samples.map(({ tMs }) => tMs);
const powers = (sampler: Sampler) => sampler.samples.map(({ powerWatts }) => powerWatts);

describe('one sample per second', () => {
  test('from the start, each a valid line of a journal', async () => {
    const told: unknown[] = [];
    const { time, sampler } = sampling(async () => watts(200), { startTMs: 5000, onSample: (s) => told.push(s) });
    sampler.start();
    await settled();
    await time.until(3000);
    expect(moments(sampler)).toEqual([5000, 6000, 7000, 8000]);
    expect(told).toEqual(sampler.samples);
    for (const sample of sampler.samples) expect(telemetrySample.parse(sample)).toEqual(sample);
  });

  test('lateness does not add up', async () => {
    const { time, sampler } = sampling(async () => watts(200));
    sampler.start();
    await settled();
    await time.until(100_000, 130);
    expect(sampler.samples).toHaveLength(101);
    expect(moments(sampler).at(-1)).toBe(100_130);
  });

  test('a timer that fires early makes no double tick', async () => {
    const { time, sampler } = sampling(async () => watts(200));
    sampler.start();
    await settled();
    await time.until(10_000, -0.7);
    const ticks = moments(sampler);
    expect(ticks).toHaveLength(11);
    for (const [i, ms] of ticks.entries()) expect(Math.round(ms / 1000)).toBe(i);
  });

  test('after a stop of the whole machine there is no burst', async () => {
    const { time, sampler } = sampling(async () => watts(200));
    sampler.start();
    await settled();
    await time.until(2000);
    time.now = 60_400;
    await time.until(62_000);
    expect(moments(sampler)).toEqual([0, 1000, 2000, 60_400, 61_000, 62_000]);
  });

  test('stop ends it and closes the source, what is in flight is dropped', async () => {
    let finish: (figures: Figures) => void = () => {};
    const { time, sampler, closed } = sampling(() => new Promise((resolve) => (finish = resolve)));
    sampler.start();
    await sampler.stop();
    finish(watts(1));
    await settled();
    expect([closed(), time.pending, sampler.samples.length]).toEqual([1, null, 0]);
  });

  test('a card without a source has no samples', async () => {
    const telemetry: Telemetry = {
      ...{ source: null, facts: noFacts, problems: [] },
      sample: async () => noFigures(),
      close: async () => {},
    };
    const sampler = new Sampler(telemetry);
    sampler.start();
    await settled();
    expect(sampler.samples).toEqual([]);
  });
});

describe('a source that vanishes', () => {
  test('its moment is recorded once, nulls go on, and its return is recorded', async () => {
    const { time, sampler, source } = sampling(async () => watts(200));
    sampler.start();
    await settled();
    await time.until(2000);
    source.answer = lost;
    await time.until(5000);
    source.answer = async () => watts(90);
    await time.until(6000);
    expect(powers(sampler)).toEqual([200, 200, 200, null, null, null, 90]);
    expect(sampler.events).toEqual([
      { tMs: 3000, code: 'telemetry-lost', detail: 'GPU is lost' },
      { tMs: 6000, code: 'telemetry-back', detail: 'the source answers again' },
    ]);
  });

  test('one that hangs is given up after a while, never asked twice at once, and taken back', async () => {
    let asked = 0;
    let finish: (figures: Figures) => void = () => {};
    const { time, sampler, source } = sampling(() => {
      asked++;
      return new Promise((resolve) => (finish = resolve));
    });
    sampler.start();
    await time.until(5000);
    expect(asked).toBe(1);
    expect(moments(sampler)).toEqual([3000, 4000, 5000]);
    expect(sampler.events).toEqual([{ tMs: 3000, code: 'telemetry-lost', detail: 'no answer for 3 s' }]);
    source.answer = async () => watts(90);
    finish(watts(1));
    await settled();
    await time.until(6000);
    // What was read before it was given up belongs to no known moment.
    expect(powers(sampler)).toEqual([null, null, null, 90]);
    expect(sampler.events.at(-1)).toMatchObject({ tMs: 6000, code: 'telemetry-back' });
  });

  test('a slow answer within patience counts, for the moment at which it was asked', async () => {
    let finish: (figures: Figures) => void = () => {};
    const { time, sampler } = sampling(() => new Promise((resolve) => (finish = resolve)));
    sampler.start();
    await time.until(2500);
    finish(watts(77));
    await settled();
    expect(sampler.samples.map(({ tMs, powerWatts }) => [tMs, powerWatts])).toEqual([[0, 77]]);
    expect(sampler.events).toEqual([]);
  });
});
