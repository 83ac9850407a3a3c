import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { Card } from '../../harness/card.js';
import { ProcessGone } from '../../harness/contestant-process.js';
import { MEMORY_FAULTS, type MemoryFaultName } from '../../harness/faults/names.js';
import type { ErrorClass, MemoryError } from '../../harness/memory-test/classify.js';
import type { MemoryReport } from '../../harness/memory-test/report.js';
import type { MemoryTestOptions } from '../../harness/memory-test/session.js';
import { cardOrSkip } from '../harness/adapter.js';

/** The test as it runs on a card, through its worker; little memory in many chunks. */
const MIB = 2 ** 20;
const SMALL = { level: 'quick', limitBytes: 15 * MIB, chunkBytes: 2 * MIB, holdMs: 1 } as const;

let card: Card | undefined;
beforeEach(async (context) => {
  card ??= await cardOrSkip(context);
});
afterAll(() => card?.close());

async function tested(options: Partial<MemoryTestOptions>) {
  let report: MemoryReport | undefined;
  const errors: MemoryError[] = [];
  for await (const state of (card as Card).memoryTest({ ...SMALL, seed: 1, ...options })) {
    report = state.report;
    errors.push(...state.errors);
  }
  return { report: report as MemoryReport, errors };
}

const CLASS: Readonly<Record<MemoryFaultName, ErrorClass | null>> = {
  'stuck-bit': 'stuck',
  'intermittent-flip': 'stored',
  'address-line': 'address',
  'faked-size': 'address',
  'retention-loss': 'retention',
  'transfer-error': 'transfer',
  'host-memory': null,
};

describe('faults of a card’s own buffers', () => {
  for (const fault of MEMORY_FAULTS)
    test.each([3, 4])(`${fault}, seed %i`, async (seed) => {
      const { report, errors } = await tested({ fault, seed });
      expect(report.finding).toBe(CLASS[fault]);
      expect(report.rehearsal?.fault).toBe(fault);
      expect(errors.length).toBe(report.recorded);
      expect(report.chunks.filter(({ suspect }) => suspect).length).toBe(fault === 'host-memory' ? 1 : 0);
    });
});

describe('sound memory', () => {
  test.each([1, 2, 3])('seed %i: nothing is found, everything was looked at', async (seed) => {
    const { report, errors } = await tested({ seed });
    expect(errors).toEqual([]);
    expect(report).toMatchObject({ errors: 0, finding: null, done: true, loops: 1, rehearsal: null, endedBy: 'limit' });
    // 7 × 2 MiB and the last MiB as a smaller chunk: nothing of the limit is left over.
    expect(report.coveredBytes).toBe(15 * MIB);
    for (const pass of report.passes) {
      expect(pass.finished).toBe(1);
      expect(pass.comparedBytes).toBeGreaterThanOrEqual(report.coveredBytes);
    }
    expect(report.chunks.filter(({ suspect }) => suspect)).toEqual([]);
    expect(report.upperBoundPerTb).toBeCloseTo(2.9957 / (report.comparedBytes / 1e12), -1);
  });

  test('stopped halfway, it gives the memory back and can begin again', async () => {
    for await (const { report } of (card as Card).memoryTest({ ...SMALL, seed: 1, budgetMs: 60_000 }, 1))
      if (report.passes[0]?.finished === 1) {
        expect(report.done).toBe(false);
        break;
      }
    expect((await tested({})).report.errors).toBe(0);
  });

  test('host memory does not grow with what is tested', async () => {
    const small = (await tested({})).report.peakRssBytes;
    const large = (await tested({ limitBytes: 48 * MIB })).report.peakRssBytes;
    // On a software adapter the chunks themselves are host memory.
    const chunks = (card as Card).device.software ? 33 * MIB : 0;
    expect(large - small - chunks).toBeLessThan(32 * MIB);
    expect(large).toBeLessThan(2 ** 30);
  });
});

test('a worker that dies in the middle leaves what it has said', async (context) => {
  const doomed = await cardOrSkip(context);
  let last: MemoryReport | undefined;
  const run = async () => {
    for await (const { report } of doomed.memoryTest({ ...SMALL, seed: 1, loops: 1000 }, 1)) {
      last = report;
      if (report.passes[1]?.finished === 1) process.kill(doomed.worker.pid as number, 'SIGKILL');
    }
  };
  await expect(run()).rejects.toThrow(ProcessGone);
  expect(last).toMatchObject({ done: false, errors: 0 });
  expect(last?.comparedBytes).toBeGreaterThan(0);
});

describe('bad input is refused by name', () => {
  test.each([
    [{ chunkBytes: 3 * MIB }, /chunkBytes must be a power of two/],
    [{ limitBytes: 1024 }, /limitBytes must be at least 131072 here, got 1024/],
    [{ seed: -1 }, /memoryTest: seed/],
    [{ fault: 'device-lost' as MemoryFaultName }, /memoryTest: fault/],
    [{ level: 'long' as 'quick' }, /memoryTest: level/],
    [{ fault: 'faked-size', limitBytes: 2 * MIB }, /faked-size needs at least two chunks/],
  ] as const)('%j', async (options, message) => {
    await expect(tested(options)).rejects.toThrow(message);
  });
});
