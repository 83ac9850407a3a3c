import { setTimeout as pause } from 'node:timers/promises';
import { RemoteError } from '../../../harness/contestant-process.js';
import { type Bus, DroppingBus } from '../../../harness/faults/link-fault.js';
import { finding, outcomeOf } from '../../../reports/card-status/finding.js';
import { judgeLink, type LinkFacts, type LinkReading, WAYS, type Way } from '../../../reports/card-status/link.js';
import type { TelemetrySample } from '../../../reports/telemetry.js';
import type { CheckContext, CheckOutcome, CheckStep, Level } from '../step.js';
import { CALL_TIMEOUT_MS, PREPARE_TIMEOUT_MS, releaseAll } from './prepared.js';
import { traitsOf } from './traits.js';

/** Bytes of one transfer: 4 ms over sixteen lanes of the third generation; programs copy less. */
const BYTES = { hardware: 2 ** 26, software: 2 ** 20 };
const ROUNDS: Readonly<Record<Level, number>> = { quick: 12, standard: 24, thorough: 60 };
const MOST_SAMPLES = 2000;
/** Readings while a transfer runs; a driver's library needs some milliseconds for one. */
const READ_EVERY_MS = 150;
/** Handles that no other check of the same worker uses. */
const FIRST_HANDLE = 7100;

interface Prepared {
  readonly way: Way;
  readonly handle: number;
  readonly batch: number;
  readonly sampleNs: number;
}

export const linkStep: CheckStep = {
  id: 'link',
  title: 'Link',
  about: 'What the link to the host carries either way and both, and what it is under load.',
  async run(context: CheckContext): Promise<CheckOutcome> {
    const bytes = context.card.device.software ? BYTES.software : BYTES.hardware;
    const wrong: string[] = [];
    const unmeasured: string[] = [];
    const prepared: Prepared[] = [];
    try {
      for (const [i, way] of WAYS.entries()) {
        context.progress((0.2 * i) / WAYS.length, `verifying ${way}`);
        const made = await prepare(context, way, FIRST_HANDLE + i, bytes);
        if ('handle' in made) prepared.push(made);
        else (made.wrong ? wrong : unmeasured).push(made.detail);
      }
      const measured = await measure(context, prepared, bytes);
      const judged = judgeLink(
        {
          ...measured,
          ...about(context),
          wrong: [...wrong, ...measured.wrong],
          unmeasured: [...unmeasured, ...measured.unmeasured],
        },
        context.policy.link,
      );
      const stopped = context.signal.aborted ? [finding('inconclusive', 'interrupted', 'the link')] : [];
      const rehearsed = measured.fault === null ? {} : { fault: measured.fault };
      return outcomeOf({
        ...judged,
        findings: [...judged.findings, ...stopped],
        evidence: { ...judged.evidence, ...rehearsed },
      });
    } finally {
      await releaseAll(context.card, prepared);
    }
  },
};

function about(context: CheckContext): Pick<LinkFacts, 'software' | 'linkMax' | 'maxCountsSlot' | 'traits'> {
  const { card, facts } = context;
  return {
    software: card.device.software,
    linkMax: facts.linkMax,
    // nvmlDeviceGetMaxPcieLinkWidth: "possible with this device and system"; sysfs has the port's own.
    maxCountsSlot: facts.driver?.startsWith('nvidia') ?? false,
    traits: traitsOf(context),
  };
}

async function prepare(
  { card, seed }: CheckContext,
  way: Way,
  handle: number,
  bytes: number,
): Promise<Prepared | { wrong: boolean; detail: string }> {
  const answer = await card.worker.call(
    'prepare',
    {
      ...{ handle, kernel: way, shape: { bytes }, implementation: 'assay/engine', tuning: {} },
      ...{ seeds: [seed, (seed + 1) % 2 ** 32], rotationBytes: bytes, maxInputSets: 2 },
      ...{ budgetMs: 60_000, pilotSlack: 4, minExecutions: 4, warmup: { executions: 2, ms: 50 } },
    },
    PREPARE_TIMEOUT_MS,
  );
  if (answer.status === 'ready') return { way, handle, batch: answer.batch, sampleNs: answer.sampleNs as number };
  const why = answer.reasons.map(({ code, detail }) => `${code}: ${detail}`).join('; ');
  return { wrong: answer.correctness.status === 'incorrect', detail: `${way}: ${why}` };
}

type Measured = Pick<LinkFacts, 'rates' | 'readings' | 'before' | 'after' | 'bytesMoved' | 'telemetryLost'> & {
  wrong: string[];
  unmeasured: string[];
  fault: string | null;
};

async function measure(context: CheckContext, prepared: readonly Prepared[], bytes: number): Promise<Measured> {
  const { budgetMs, level, signal } = context;
  const rounds = ROUNDS[level];
  const { bus, fault } = busOf(context, rounds * prepared.length);
  const rates: Record<Way, number[]> = { upload: [], readback: [], duplex: [] };
  const readings: LinkReading[] = [];
  const before = await bus.read();
  let bytesMoved = 0;
  const measured = {
    ...{ rates, readings, before: before?.pcie ?? null, after: null },
    ...{ telemetryLost: false, wrong: [] as string[], unmeasured: [] as string[], fault },
  };
  const eachMs = (0.7 * budgetMs) / (rounds * Math.max(1, prepared.length));
  for (let round = 0; round < rounds && !signal.aborted; round++) {
    context.progress(0.2 + (0.8 * round) / rounds, 'moving data both ways');
    for (const { way, handle, batch, sampleNs } of prepared) {
      const samples = Math.min(MOST_SAMPLES, Math.max(2, Math.floor((eachMs * 1e6) / sampleNs)));
      try {
        const [answer, seen] = await readWhile(bus, bus.round(handle, samples));
        readings.push(...seen.map(({ link }) => ({ round, ...link })));
        const moved = bytes * (way === 'duplex' ? 2 : 1);
        if (answer.samplesNs.length > 0) rates[way].push((1e9 * moved) / Math.min(...answer.samplesNs));
        bytesMoved += moved * batch * samples;
        measured.wrong.push(...answer.reasons.map(({ detail }) => `${way}, round ${round}: ${detail}`));
      } catch (error) {
        if (!(error instanceof RemoteError)) throw error;
        measured.unmeasured.push(`${way}, round ${round}: ${error.message}`);
        return { ...measured, bytesMoved };
      }
    }
  }
  const after = await bus.read();
  const lost = before !== null && (after === null || readings.length === 0);
  return { ...measured, bytesMoved, after: after?.pcie ?? null, telemetryLost: lost };
}

/** The card's own bus, or one with the fault that is rehearsed. */
function busOf({ card, fault, seed, readTelemetry }: CheckContext, calls: number): { bus: Bus; fault: string | null } {
  const real: Bus = {
    round: (handle, samples) => card.worker.call('round', { handle, samples }, CALL_TIMEOUT_MS),
    read: readTelemetry,
  };
  if (fault !== 'link-drop') return { bus: real, fault: null };
  const dropping = new DroppingBus(real, seed, calls);
  return { bus: dropping, fault: dropping.detail };
}

/** Reads the link while it is in use: idle cards lower it. At least once, however short the work is. */
async function readWhile<T>(bus: Bus, work: Promise<T>): Promise<[T, TelemetrySample[]]> {
  const ended = new AbortController();
  const seen: TelemetrySample[] = [];
  const reading = (async () => {
    do {
      const sample = await bus.read();
      if (sample === null) return;
      seen.push(sample);
      await pause(READ_EVERY_MS, undefined, { signal: ended.signal }).catch(() => {});
    } while (!ended.signal.aborted);
  })();
  try {
    return [await work, seen];
  } finally {
    ended.abort();
    await reading;
  }
}
