import { describe, expect, test } from 'vitest';
import { linkStep } from '../../bench/qualify/checks/link.js';
import type { CheckContext } from '../../bench/qualify/step.js';
import { DroppingBus } from '../../harness/faults/link-fault.js';
import { randomWords } from '../../kernels/random.js';
import { dropOf, judgeLink, type Way } from '../../reports/card-status/link.js';
import { DEFAULT_LINK } from '../../reports/card-status/policy.js';
import { cards, cardTraits } from '../../reports/cards/index.js';
import { context, device, facts, sample } from './card-context.js';

const LANE = [0, 0.25e9, 0.5e9, 0.985e9, 1.97e9, 3.94e9];

interface Simulated {
  generation: number;
  width: number;
  /** Share of the raw rate that transfers reach. */
  share?: number;
  seed?: number;
  telemetry?: boolean;
  replaysPerRound?: number;
  uncorrectablePerRound?: number;
  correctablePerRound?: number;
  /** The link as it is read before it wakes. */
  sleepyReadings?: number;
  /** From this call on. */
  wrongAt?: number;
  loseTelemetryAt?: number;
}

/** A card whose transfers take as long as its link makes them, with noise of a few percent and rare hiccups. */
function linked(link: Simulated, more: Parameters<typeof context>[0] = {}): CheckContext {
  const { generation, width, share = 0.8, telemetry = true, replaysPerRound = 0, sleepyReadings = 1 } = link;
  const random = randomWords(link.seed ?? 1);
  const uniform = () => random() / 2 ** 32;
  const raw = (LANE[generation] as number) * width;
  const ways = new Map<number, { kernel: Way; bytes: number }>();
  let rounds = 0;
  let reads = 0;
  const answer = (
    method: string,
    params: { handle: number; kernel: Way; shape: { bytes: number }; samples: number },
  ) => {
    if (method === 'prepare') {
      ways.set(params.handle, { kernel: params.kernel, bytes: params.shape.bytes });
      const correctness = { status: 'correct' };
      return { status: 'ready', reasons: [], correctness, batch: 1, sampleNs: (1e9 * params.shape.bytes) / raw };
    }
    if (method !== 'round') return {};
    rounds++;
    const { kernel, bytes } = ways.get(params.handle) as { kernel: Way; bytes: number };
    const moved = bytes * (kernel === 'duplex' ? 2 : 1);
    const samplesNs = Array.from({ length: params.samples }, () => {
      const hiccup = uniform() < 0.02 ? 3 : 1;
      return ((1e9 * moved) / (raw * share)) * (1 + 0.08 * uniform()) * hiccup;
    });
    const reasons = rounds === link.wrongAt ? [{ code: 'incorrect', detail: 'byte 17: expected 3, got 7' }] : [];
    return { samplesNs, hostSamplesNs: samplesNs, discarded: 0, sentinelNs: { before: null, after: null }, reasons };
  };
  const readTelemetry = async () => {
    reads++;
    if (!telemetry || reads > (link.loseTelemetryAt ?? Number.POSITIVE_INFINITY)) return null;
    return sample(reads, {
      link: reads <= sleepyReadings + 1 ? { generation: 1, width } : { generation, width },
      pcie: {
        replays: 7 + replaysPerRound * rounds,
        correctable: (link.correctablePerRound ?? 0) * rounds,
        uncorrectable: (link.uncorrectablePerRound ?? 0) * rounds,
      },
    });
  };
  const told = telemetry
    ? facts({ linkMax: { generation, width } })
    : { ...facts(), linkMax: { generation: null, width: null } };
  return context({ answer: answer as never, readTelemetry, facts: told, budgetMs: 400, ...more });
}

const codesOf = ({ reasons }: { reasons: { code: string }[] }) => reasons.map(({ code }) => code);

describe('healthy links', () => {
  const shapes = [
    [4, 16],
    [3, 16],
    [5, 16],
    [4, 8],
  ] as const;
  const variants = cards
    .filter(({ id }) => cardTraits[id]?.linkWidth?.value === 16)
    .flatMap((card) => shapes.map(([generation, width], i) => ({ card, generation, width, seed: i + 1 })))
    .map((variant) => {
      const own = cardTraits[variant.card.id]?.linkGeneration?.value ?? 5;
      return { ...variant, generation: Math.min(own, variant.generation) };
    });
  test('are enough to say something', () => expect(variants.length).toBeGreaterThanOrEqual(50));

  test.each(variants.map((v, i) => [`${v.card.id} generation ${v.generation}, ${v.width} lanes, ${i}`, v] as const))(
    '%s',
    async (_, { card, generation, width, seed }) => {
      const own = device({ name: card.name, vendor: card.vendor });
      const told = facts({
        pciId: card.pciIds[0] ?? null,
        vramBytes: card.vramBytes?.value ?? null,
        linkMax: { generation, width },
      });
      const outcome = await linkStep.run(linked({ generation, width, seed }, { device: own, facts: told }));
      expect(outcome.status).toBe('pass');
      // Eight of sixteen lanes are told, and are the slot's.
      expect(codesOf(outcome)).toEqual(width === 8 ? ['link-narrow'] : []);
      expect(outcome.figures).toMatchObject({ generation, width, replays: 0 });
      expect(outcome.figures.uploadBytesPerSecond).toBeGreaterThan(0.7 * (LANE[generation] as number) * width);
    },
  );

  test('a card that its driver wakes late', async () => {
    const outcome = await linkStep.run(linked({ generation: 4, width: 16, sleepyReadings: 20 }));
    expect(outcome).toMatchObject({
      status: 'pass',
      reasons: [],
      evidence: { riser: '16 lanes under load: no sign of a riser' },
    });
  });

  test('a mining card with the link of its model is on no riser for it', async () => {
    const own = device({ name: 'NVIDIA CMP 100-210', architecture: 'pascal' });
    const told = facts({ name: null, pciId: '10de:1d84', vramBytes: 2 ** 34, linkMax: { generation: 1, width: 1 } });
    const outcome = await linkStep.run(linked({ generation: 1, width: 1 }, { device: own, facts: told }));
    expect(outcome).toMatchObject({ status: 'pass', reasons: [{ code: 'link-below-marketplace' }] });
  });
});

describe('links with something wrong', () => {
  const told = (generation: number, width: number) => ({ facts: facts({ linkMax: { generation, width } }) });
  test.each([
    ['a riser whose lane the driver takes for the most', { generation: 3, width: 1 }, told(3, 1), 'warn', 'link-riser'],
    ['a riser', { generation: 3, width: 1 }, told(4, 16), 'warn', 'link-riser'],
    ['four lanes of sixteen', { generation: 4, width: 4 }, told(4, 4), 'warn', 'link-narrow'],
    ['eight lanes where sixteen were agreed on', { generation: 4, width: 8 }, told(4, 16), 'warn', 'link-narrow'],
    ['generation 1 for good', { generation: 1, width: 16 }, told(4, 16), 'warn', 'link-old-generation'],
    ['a link slower than it says', { generation: 4, width: 16, share: 0.3 }, {}, 'warn', 'link-slow'],
    ['replays', { generation: 4, width: 16, replaysPerRound: 9 }, {}, 'warn', 'link-replays'],
    ['corrected errors', { generation: 4, width: 16, correctablePerRound: 9 }, {}, 'warn', 'link-replays'],
    ['errors', { generation: 4, width: 16, uncorrectablePerRound: 1 }, {}, 'fail', 'link-errors'],
    ['a restarted counter', { generation: 4, width: 16, replaysPerRound: -1 }, {}, 'pass', 'health-counters-restarted'],
    ['a wrong byte', { generation: 4, width: 16, wrongAt: 20 }, {}, 'fail', 'link-data-wrong'],
    ['telemetry that stops', { generation: 4, width: 16, loseTelemetryAt: 5 }, {}, 'inconclusive', 'telemetry-lost'],
    [
      'a slow link that nothing explains',
      { generation: 1, width: 4, telemetry: false },
      {},
      'inconclusive',
      'no-telemetry',
    ],
    ['a fast link without telemetry', { generation: 4, width: 16, telemetry: false }, {}, 'pass', 'no-telemetry'],
  ] as const)('%s', async (_, link, more, status, code) => {
    const outcome = await linkStep.run(linked(link, more));
    expect(codesOf(outcome)[0]).toBe(code);
    expect(outcome.status).toBe(status);
  });

  test('a kernel whose bytes are wrong from the start', async () => {
    const answer = (method: string) =>
      method === 'prepare'
        ? { status: 'failed', reasons: [{ code: 'incorrect', detail: 'byte 0' }], correctness: { status: 'incorrect' } }
        : {};
    const outcome = await linkStep.run(context({ answer }));
    expect(outcome.status).toBe('fail');
    expect(new Set(codesOf(outcome).slice(0, 3))).toEqual(new Set(['link-data-wrong']));
  });

  test('an interrupted check says so', async () => {
    const stop = new AbortController();
    const more = { signal: stop.signal, progress: (share: number) => share > 0.5 && stop.abort() };
    const outcome = await linkStep.run(linked({ generation: 4, width: 16 }, more));
    expect(outcome).toMatchObject({ status: 'inconclusive', reasons: [{ code: 'interrupted' }] });
  });
});

describe('a link that drops', () => {
  const seeds = Array.from({ length: 20 }, (_, i) => i + 1);
  for (const telemetry of [true, false])
    test.each(seeds)(`seed %d, ${telemetry ? 'with' : 'without'} telemetry`, async (seed) => {
      const link = { generation: 4, width: 16, telemetry, seed };
      const outcome = await linkStep.run(linked(link, { fault: 'link-drop', seed }));
      expect(outcome.status).toBe('fail');
      expect(codesOf(outcome)[0]).toBe('link-dropped');
      expect(outcome.evidence).toMatchObject({ fault: expect.stringMatching(/^the link falls/) });
    });

  test('on a program, too, and without the fault it is none', async () => {
    const software = device({ name: 'llvmpipe', software: true });
    for (const seed of seeds) {
      const link = { generation: 3, width: 4, telemetry: false, seed };
      const sound = await linkStep.run(linked(link, { device: software, seed }));
      expect(sound).toMatchObject({ status: 'pass', reasons: [{ code: 'rehearsal' }] });
      const faulty = await linkStep.run(linked(link, { device: software, fault: 'link-drop', seed }));
      expect(codesOf(faulty)).toEqual(['link-dropped', 'rehearsal']);
    }
  });

  test('slow transfers are made on the real path, as many as they stand for', async () => {
    const asked: number[] = [];
    const round = async (_: number, samples: number) => {
      asked.push(samples);
      const ns = Array.from({ length: samples }, () => 10);
      return { samplesNs: ns, hostSamplesNs: ns, discarded: 0, sentinelNs: { before: null, after: null }, reasons: [] };
    };
    const bus = new DroppingBus({ round, read: async () => sample(0, { link: { generation: 4, width: 16 } }) }, 3, 8);
    const rates: number[] = [];
    const links: unknown[] = [];
    for (let i = 0; i < 8; i++) {
      rates.push((await bus.round(1, 2)).samplesNs[0] as number);
      links.push((await bus.read())?.link);
    }
    const factor = (rates.at(-1) as number) / 10;
    expect([4, 8, 16]).toContain(factor);
    expect(asked.at(-1)).toBe(factor);
    expect([rates[0], asked[0]]).toEqual([10, 2]);
    expect(links[0]).toEqual({ generation: 4, width: 16 });
    expect(links.at(-1)).not.toEqual(links[0]);
  });
});

test.each([
  ['lanes', { generation: 4, width: 4 }],
  ['generation', { generation: 1, width: 16 }],
])('a link that says it lost %s has dropped, however fast data moves', (_, late) => {
  const steady = Array.from({ length: 12 }, () => 20e9);
  const readings = steady.map((_rate, round) => ({ round, ...(round < 7 ? { generation: 4, width: 16 } : late) }));
  const judged = judgeLink(
    {
      ...{ software: false, rates: { upload: steady, readback: steady, duplex: steady }, readings },
      ...{ before: null, after: null, bytesMoved: 1e9, linkMax: { generation: 4, width: 16 }, maxCountsSlot: true },
      ...{ traits: null, wrong: [], unmeasured: [], telemetryLost: false },
    },
    DEFAULT_LINK,
  );
  expect(judged.findings.map(({ code }) => code)).toEqual(['link-dropped']);
});

describe('dropOf', () => {
  test('names the moment and the factor', () => {
    expect(dropOf([8, 8, 8, 8, 8, 2, 2, 2, 2])).toEqual({ at: 5, ratio: 4 });
  });
  test('a slow round, a slow start and a recovery are none', () => {
    for (const rates of [
      [8, 8, 1, 8, 8, 8, 8, 8, 8],
      [1, 2, 4, 8, 8, 8, 8, 8],
      [8, 8, 8, 2, 2, 8, 8, 8, 8, 8],
    ])
      expect(dropOf(rates)?.ratio).toBeLessThanOrEqual(1);
  });
  test('too few rounds tell nothing', () => expect(dropOf([8, 8, 1, 1, 1])).toBeNull());
});
