import { describe, expect, test } from 'vitest';
import { Batches } from '../../harness/memory-test/batches.js';
import { movedBytes, type Op } from '../../harness/memory-test/memory.js';
import { passesOf, patternOf, type SweepStage, swapMasks } from '../../harness/memory-test/passes.js';
import { selfCheck } from '../../harness/memory-test/self-check.js';
import { MemoryTest, type TestOptions } from '../../harness/memory-test/test.js';
import { SimulatedMemory } from './simulated.js';

const OPTIONS: TestOptions = { seed: 1, level: 'quick', submissionMs: 50, holdMs: 1 };

const firstFill = (which: { seed: number; loop: number }) =>
  passesOf({ ...OPTIONS, ...which })[0]?.stages[0] as SweepStage;

describe('the schedule', () => {
  test('every chunk is written before any is read, in every pass', async () => {
    const memory = new SimulatedMemory([256, 256, 256, 128]);
    const test = new MemoryTest(memory, { ...OPTIONS, level: 'thorough' });
    while (!test.done) await test.step(1000);
    let sweep = '';
    let swept: string[] = [];
    for (const entry of [...memory.log, 'end 0']) {
      const [operation, chunk] = entry.split(' ') as [string, string];
      // A sweep is over when another operation begins, or the same one begins anew.
      if (operation !== sweep || swept.includes(chunk)) {
        if (sweep) expect([...swept].sort(), sweep).toEqual(['0', '1', '2', '3']);
        swept = [];
        sweep = operation;
      }
      swept.push(chunk);
    }
  });

  test('a pass never reads what the pass before it left', () => {
    for (const { stages } of passesOf({ ...OPTIONS, loop: 0 }))
      expect(['fill', 'every-20th']).toContain((stages[0] as SweepStage).sweep);
  });

  test('what a stage reads is what the one before left', () => {
    for (const level of ['quick', 'standard', 'thorough'] as const)
      for (const { stages } of passesOf({ ...OPTIONS, level, loop: 3 })) {
        let holds = (stages[0] as SweepStage).before;
        for (const stage of stages) {
          if ('holdMs' in stage) continue;
          if (stage.sweep !== 'fill' && stage.sweep !== 'every-20th') expect(stage.before).toEqual(holds);
          holds = stage.after ?? stage.before;
          if (stage.swap !== undefined) holds = { ...holds, swaps: stage.swap + 1 };
        }
      }
  });

  test('loops that sample go through all shifts and offsets', () => {
    const seen = { shifts: new Set<number>(), offsets: new Set<number>() };
    for (let loop = 0; loop < 16; loop++)
      for (const { name, stages } of passesOf({ ...OPTIONS, loop }))
        for (const stage of stages) {
          if ('holdMs' in stage) continue;
          if (name === 'walking-bits') seen.shifts.add(stage.before.extra);
          if (name === 'modulo-20') seen.offsets.add(stage.before.extra);
        }
    expect([seen.shifts.size, seen.offsets.size]).toEqual([32, 20]);
  });

  test('patterns differ from seed to seed, loop to loop and chunk to chunk; the same seed gives the same', () => {
    const chunk = { words: 256 };
    const key = (seed: number, loop: number, index: number) => {
      return patternOf(firstFill({ seed, loop }).before, index, chunk).key;
    };
    expect(new Set([key(1, 0, 0), key(2, 0, 0), key(1, 1, 0), key(1, 0, 1)]).size).toBe(4);
    expect(key(1, 0, 0)).toBe(key(1, 0, 0));
  });

  test('blocks that are moved are different ones, in the smallest chunk too', () => {
    for (const words of [64, 1024, 2 ** 28]) {
      const [half, block] = swapMasks({ words }) as [number, number];
      expect(half).toBe(words / 8);
      expect(block).toBeLessThan(half);
      expect(Number.isInteger(Math.log2(block))).toBe(true);
    }
  });
});

describe('submissions', () => {
  const chunks = [2 ** 26, 2 ** 26, 2 ** 20].map((words) => ({ words }));
  const fill = firstFill({ seed: 1, loop: 0 });

  /** @param msPerMib how long a MiB takes on this device */
  function submitted(stage: SweepStage, msPerMib: number) {
    const batches = new Batches(chunks, 128, 50);
    const all: { ops: Op[]; ms: number }[] = [];
    for (const ops of batches.of(stage)) {
      const ms = (ops.reduce((sum, op) => sum + movedBytes(op), 0) / 2 ** 20) * msPerMib;
      batches.took(ops, ms);
      all.push({ ops: [...ops], ms });
    }
    return all;
  }

  test.each([
    ['fast', 0.001],
    ['slow', 0.5],
    ['very slow', 30],
  ])('a %s device: every vector once, and once the rate is known none outlasts its time', (_, msPerMib) => {
    for (const descending of [false, true]) {
      const all = submitted({ ...fill, descending }, msPerMib);
      const order = descending ? [2, 1, 0] : [0, 1, 2];
      expect([...new Set(all.flatMap(({ ops }) => ops.map(({ chunk }) => chunk)))]).toEqual(order);
      for (const chunk of order) {
        let next = 0;
        for (const { start, count } of all.flatMap(({ ops }) => ops).filter((op) => op.chunk === chunk)) {
          expect(start).toBe(next);
          expect(start % count).toBe(0);
          expect(Number.isInteger(Math.log2(count))).toBe(true);
          next = start + count;
        }
        expect(next).toBe((chunks[chunk]?.words as number) / 4);
      }
      for (const { ms } of all.slice(1)) expect(ms).toBeLessThanOrEqual(50.001);
    }
  });

  test('a fast device is given whole chunks, several at a time', () => {
    expect(submitted(fill, 0.001).length).toBeLessThanOrEqual(4);
  });
});

describe('time', () => {
  test('a pass that does not fit the budget is not begun, and says so', async () => {
    const memory = new SimulatedMemory([256, 256]);
    const test = new MemoryTest(memory, { ...OPTIONS, holdMs: 1e9, budgetMs: 1e6, loops: 1 });
    while (!test.done) await test.step(1000);
    const { passes, loops, done } = test.report();
    expect(passes.filter(({ finished }) => finished === 0).map(({ name }) => name)).toEqual([
      'retention-cold',
      'retention-hot',
    ]);
    expect([loops, done]).toEqual([0, true]);
  });

  test('whatever fails, what was found before is known, and the test is not done', async () => {
    const memory = new SimulatedMemory([256, 256, 256, 256]);
    const run = memory.run.bind(memory);
    let left = 60;
    memory.run = (ops) => (left-- > 0 ? run(ops) : Promise.reject(new Error('device lost')));
    // Every fill leaves a wrong word.
    const spoiled = memory.run;
    memory.run = async (ops) => {
      const ran = await spoiled(ops);
      if (ops[0]?.operation === 'fill') await memory.poke(0, [{ word: 9, and: 0xffffffff, or: 0, xor: 1 }]);
      return ran;
    };
    const test = new MemoryTest(memory, { ...OPTIONS, loops: 100 });
    await expect(
      (async () => {
        while (!test.done) await test.step(1);
      })(),
    ).rejects.toThrow('device lost');
    await expect(test.step(1)).rejects.toThrow('failed before');
    const report = test.report();
    expect(report.done).toBe(false);
    expect(report.errors).toBeGreaterThan(0);
    expect(report.classes.stored).toBe(report.recorded);
    expect(report.bits.zeroToOne[0] as number).toBeGreaterThan(0);
    expect(report.heat.blocks).toEqual([{ chunk: 0, block: 0, errors: report.errors }]);
  });
});

describe('a comparison that is blind is not believed', () => {
  test('a sound one passes', async () => {
    await expect(selfCheck(new SimulatedMemory([256, 64]))).resolves.toBeUndefined();
  });

  test.each([
    ['compares nothing', (op: Op) => op.operation !== 'verify'],
    ['steps without comparing', (op: Op) => op.operation !== 'step'],
    ['skips the last chunk', (op: Op) => op.chunk !== 1 || op.operation !== 'verify'],
  ])('one that %s', async (_, done) => {
    const memory = new SimulatedMemory([256, 64]);
    const run = memory.run.bind(memory);
    memory.run = (ops) => run(ops.filter(done));
    await expect(selfCheck(memory)).rejects.toThrow(/planted errors, 0 reported/);
  });

  test('one that looks at every other vector', async () => {
    const memory = new SimulatedMemory([256, 64]);
    const run = memory.run.bind(memory);
    memory.run = (ops) =>
      run(ops.flatMap((op) => (op.operation === 'verify' ? [{ ...op, count: op.count / 2 }] : [op])));
    await expect(selfCheck(memory)).rejects.toThrow(/4 planted errors, 1 reported/);
  });
});

test('fifty healthy runs: nothing is found', async () => {
  for (let seed = 0; seed < 50; seed++) {
    const test = new MemoryTest(new SimulatedMemory([256, 256, 256, 256, 64]), { ...OPTIONS, seed });
    while (!test.done) await test.step(1000);
    const { errors, finding, chunks, passes } = test.report();
    const suspects = chunks.filter(({ suspect }) => suspect);
    expect({ seed, errors, finding, suspects }).toEqual({ seed, errors: 0, finding: null, suspects: [] });
    expect(passes.every(({ finished }) => finished === 1)).toBe(true);
  }
});
