import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { executeRun, type RunObserver } from '../../bench/run/run.js';
import type { RunSettings } from '../../bench/run/settings.js';
import { readJournal } from '../../reports/journal.js';
import type { Measurement } from '../../reports/schema.js';
import { openStore, readResult } from '../../reports/store.js';
import { cardOrSkip, testDevice } from '../harness/adapter.js';

const WORKLOADS = ['sha256d-scan/n4099', 'matmul/f32/m33-n17-k65'];
const settings: RunSettings = {
  ...{ suite: 'custom', workloads: WORKLOADS, rounds: 5, seed: 1, mode: 'safe' },
  ...{
    device: testDevice ?? null,
    software: null,
    variants: ['naive', 'unrolled', 'tiled'],
    baselines: ['node-crypto/cpu'],
  },
};

let folder: string;
beforeEach(async (context) => {
  folder = mkdtempSync(join(tmpdir(), 'assay-run-'));
  await (await cardOrSkip(context)).close();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Rounds that were taken again because the machine was busy in some: of the one that was disturbed most often. */
const repeatsOf = (peers: readonly Measurement[]) =>
  Math.min(3, Math.max(...peers.map((m) => m.rounds.filter((r) => r.excluded === 'throttled').length)));

const named = (m: Measurement) => `${m.workload} ${m.implementation}`;
const IMPLEMENTATIONS = 2 + 1; // of sha256d-scan: naive, unrolled, node-crypto

describe('a run', () => {
  test('goes down a ladder past what is too slow, but not past what the adapter lacks altogether', async () => {
    process.env.ASSAY_WITHHOLD_FEATURES = 'chromium-experimental-subgroup-matrix';
    try {
      const rungs = ['matrix-i8/n16384-i256 > matrix-i8/n64-i4', 'int-add/n16777216-i4096 > int-add/n1024-i16'];
      const asked = { ...settings, variants: 'all' as const, workloads: rungs };
      const { result } = await executeRun(asked, openStore(folder));
      expect(result.measurements.map((m) => [m.workload, m.rate ? 'measured' : m.reasons[0]?.code])).toEqual([
        ['matrix-i8/n16384-i256', 'missing-feature'],
        ['int-add/n16777216-i4096', 'too-slow-for-adapter'],
        ['int-add/n1024-i16', 'measured'],
      ]);
    } finally {
      delete process.env.ASSAY_WITHHOLD_FEATURES;
    }
  });

  test('measures every implementation, ours against the baseline, and writes what it says', async () => {
    const steps: string[] = [];
    const outcome = await executeRun(settings, openStore(folder), { step: (_d, _t, what) => steps.push(what) });
    expect(outcome.exitCode).toBe(0);
    const { measurements } = outcome.result;
    expect(readResult(outcome.files.json)).toEqual(outcome.result);
    expect(outcome.result.journal).toEqual(readJournal(outcome.files.journal).head);
    expect(outcome.result.journal?.lines).toBeGreaterThan(WORKLOADS.length);
    const scans = measurements.filter((m) => m.workload === WORKLOADS[0]);
    expect(scans.map((m) => m.implementation)).toEqual(['assay/naive', 'assay/unrolled', 'node-crypto/cpu']);
    const products = measurements.filter((m) => m.workload === WORKLOADS[1]);
    expect(products.map((m) => m.implementation)).toEqual(['assay/naive', 'assay/tiled']);
    for (const m of measurements) {
      expect(['valid', 'unreliable'], `${named(m)}: ${JSON.stringify(m.reasons)}`).toContain(m.status);
      expect(m.correctness).toMatchObject({ status: 'correct', seeds: [1, 2] });
      const peers = measurements.filter((peer) => peer.workload === m.workload);
      expect(m.rounds.map((r) => r.index)).toEqual([...Array(5 + repeatsOf(peers)).keys()]);
      if (m.implementation.startsWith('assay/'))
        for (const { sentinelNs } of m.rounds) expect(sentinelNs?.before).toBeGreaterThan(0);
      expect(m.rate?.value).toBeCloseTo((m.work.operations * 1e9) / (m.summary?.medianNs ?? 0), 0);
    }
    expect(scans[0]?.versusBaseline?.peer).toBe('node-crypto/cpu');
    expect(scans[2]?.versusBaseline).toBeNull();
    // Rounds are interleaved, and every other time in the opposite order.
    const order = scans.flatMap((m) => m.rounds.map((r) => ({ order: r.order, by: m.implementation, index: r.index })));
    const sequence = order.sort((a, b) => a.order - b.order).map(({ by, index }) => `${index} ${by.split('/')[1]}`);
    expect(sequence.slice(0, 2 * IMPLEMENTATIONS)).toEqual([
      '0 naive',
      '0 unrolled',
      '0 cpu',
      '1 cpu',
      '1 unrolled',
      '1 naive',
    ]);
    const page = readFileSync(outcome.files.html, 'utf8');
    expect(page).toContain('sha256d-scan');
    expect(page).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)/);
  });

  test('a worker killed in the middle of a round is a recorded outcome; resume finishes the run', async () => {
    let pid = 0;
    const observer: RunObserver = {
      opened: (_device, _calibration, _journal, workerPid) => {
        pid = workerPid;
      },
      step: (_done, _total, what) => {
        if (what.startsWith(`${WORKLOADS[0]}: round 3`) && what.endsWith('assay/unrolled'))
          // After the request for the round has left, so that it dies while it works on it.
          setImmediate(() => process.kill(pid, 'SIGKILL'));
      },
    };
    const store = openStore(folder);
    const killed = await executeRun(settings, store, observer);
    expect(killed.exitCode).toBe(5);
    expect(killed.result.finishedAt).toBeNull();
    expect(killed.result.events.map((e) => e.code)).toContain('worker-died');
    const rounds = (m: Measurement | undefined) => m?.rounds.map((r) => r.index) ?? [];
    const [naive, unrolled, baseline] = killed.result.measurements;
    // Alternating order: in round 3 (index 2) naive came before unrolled.
    expect(rounds(naive)).toEqual([0, 1, 2]);
    expect(rounds(unrolled).slice(0, 2)).toEqual([0, 1]);
    expect(rounds(baseline)).toEqual([0, 1]);
    for (const m of killed.result.measurements) {
      expect(m.rate, named(m)).toBeNull();
      expect(
        m.reasons.map((r) => r.code),
        named(m),
      ).toEqual(['worker-died']);
    }
    expect(killed.result.measurements.some((m) => m.workload === WORKLOADS[1] && m.status === 'skipped')).toBe(true);

    const { records } = readJournal(killed.files.journal);
    const start = records.find((r) => r.type === 'start');
    if (start?.type !== 'start') throw new Error('no start record');
    const taken: string[] = [];
    const resumed = await executeRun(
      settings,
      store,
      { step: (_d, _t, what) => taken.push(what) },
      { start, records, truncated: false },
    );
    expect(resumed.exitCode).toBe(0);
    expect(resumed.result.id).toBe(killed.result.id);
    expect(resumed.result.finishedAt).not.toBeNull();
    for (const m of resumed.result.measurements) {
      expect(['valid', 'unreliable'], `${named(m)}: ${JSON.stringify(m.reasons)}`).toContain(m.status);
      const peers = resumed.result.measurements.filter((peer) => peer.workload === m.workload);
      expect(rounds(m), named(m)).toEqual([...Array(5 + repeatsOf(peers)).keys()]);
    }
    // Rounds that all had finished are the very same; the one that was cut is taken again by all, to compare neighbours.
    const again = resumed.result.measurements.find((m) => named(m) === named(naive as Measurement));
    expect(again?.rounds.slice(0, 2)).toEqual(naive?.rounds.slice(0, 2));
    expect(again?.rounds[2]).not.toEqual(naive?.rounds[2]);
    expect(taken.filter((what) => /round [12] of/.test(what) && what.startsWith(WORKLOADS[0] as string))).toEqual([]);
  });

  test('an interrupt keeps the journal and exits with 130', async () => {
    const observer: RunObserver = {
      step: (_done, _total, what) => {
        if (what.startsWith(`${WORKLOADS[0]}: round 2`)) process.emit('SIGINT');
      },
    };
    const outcome = await executeRun(settings, openStore(folder), observer);
    expect(outcome.exitCode).toBe(130);
    expect(outcome.result.events.map((e) => e.code)).toContain('interrupted');
    expect(outcome.result.measurements[0]?.rounds.length).toBeGreaterThan(0);
    expect(outcome.result.measurements.every((m) => m.rate === null)).toBe(true);

    // We ended the processes ourselves: nobody crashed, and the resumed run finishes everybody.
    const { records } = readJournal(outcome.files.journal);
    const start = records.find((r) => r.type === 'start');
    if (start?.type !== 'start') throw new Error('no start record');
    const resumed = await executeRun(settings, openStore(folder), {}, { start, records, truncated: false });
    expect(resumed.exitCode).toBe(0);
    for (const m of resumed.result.measurements) {
      expect(['valid', 'unreliable'], `${named(m)}: ${JSON.stringify(m.reasons)}`).toContain(m.status);
      expect(m.rounds, named(m)).toHaveLength(settings.rounds);
    }
  });

  test('a workload that does not fit or is too slow is skipped with the reason', async () => {
    const workloads = ['copy/n4294967280', 'matmul/f32/m65536-n65536-k65536'];
    const outcome = await executeRun({ ...settings, variants: 'all', workloads, baselines: [] }, openStore(folder));
    expect(outcome.exitCode).toBe(0);
    for (const m of outcome.result.measurements) {
      expect(m.status, named(m)).toBe('skipped');
      expect(['exceeds-limit', 'too-slow-for-adapter']).toContain(m.reasons[0]?.code);
    }
  });

  test('two runs with one seed agree on every verdict of correctness', async () => {
    const verdicts = async () => {
      const { result } = await executeRun({ ...settings, rounds: 1 }, openStore(folder));
      return result.measurements.map((m) => [named(m), m.correctness.status, m.correctness.maxError]);
    };
    expect(await verdicts()).toEqual(await verdicts());
  });
});

describe('an adapter without timestamp-query', () => {
  test('is timed on the host’s clock, and says so', async () => {
    process.env.ASSAY_WITHHOLD_FEATURES = 'timestamp-query';
    try {
      const chosen = { workloads: ['sha256d-scan/n4099'], variants: ['naive', 'unrolled'], baselines: [] };
      const { result } = await executeRun({ ...settings, ...chosen }, openStore(folder));
      expect(result.calibration.clock).toBe('host');
      for (const m of result.measurements) {
        expect(m.clock).toBe('host');
        expect(m.reasons.map((r) => r.code)).toContain('host-clock');
        expect(m.rate).not.toBeNull();
      }
    } finally {
      delete process.env.ASSAY_WITHHOLD_FEATURES;
    }
  });
});
