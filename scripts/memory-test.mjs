// The memory test by itself, and what it moves beside plain copies of the same size, in turns in one process.
//   node scripts/memory-test.mjs --mib 512 [--chunk-mib 64] [--level quick] [--seed 1] [--fault stuck-bit]
//   node scripts/memory-test.mjs --mib 512 --against-copy 5
import { parseArgs } from 'node:util';
import { Clock } from '../dist/harness/clock.js';
import { openDevice } from '../dist/harness/device.js';
import { Execution } from '../dist/harness/execution.js';
import { checkedPlan, effectiveTuning } from '../dist/harness/limits.js';
import { MemorySession } from '../dist/harness/memory-test/session.js';
import { PipelineCache } from '../dist/harness/pipelines.js';
import { ResidentCache } from '../dist/harness/residents.js';
import { copy } from '../dist/kernels/copy/kernel.js';

const { values } = parseArgs({
  options: {
    mib: { type: 'string', default: '512' },
    'chunk-mib': { type: 'string' },
    level: { type: 'string', default: 'quick' },
    seed: { type: 'string', default: '1' },
    fault: { type: 'string' },
    'hold-ms': { type: 'string', default: '100' },
    'against-copy': { type: 'string' },
  },
});
const MIB = 2 ** 20;
const card = await openDevice({ deviceName: null, software: null, mode: 'safe' });
console.log(card.device.name);
const session = await MemorySession.open(card, {
  seed: Number(values.seed),
  level: values.level,
  limitBytes: Number(values.mib) * MIB,
  holdMs: Number(values['hold-ms']),
  ...(values['chunk-mib'] && { chunkBytes: Number(values['chunk-mib']) * MIB }),
  ...(values.fault && { fault: values.fault }),
  ...(values['against-copy'] && { loops: 1000 }),
});
if (values['against-copy']) await againstCopy(Number(values['against-copy']));
else await once();
session.close();
process.exit(0);

async function once() {
  while (!session.test.done) {
    await session.test.step(1000);
    const { pass, fraction } = session.test.progress;
    process.stderr.write(`\r${pass} ${(100 * fraction).toFixed(0)} %      `);
  }
  process.stderr.write('\n');
  const { passes, chunks, ...rest } = session.report();
  console.dir(rest, { depth: 6 });
  console.table(passes);
  console.table(chunks);
}

/** Rounds of copies and of the test, a third of a second each, in alternating order. */
async function againstCopy(rounds) {
  const { chunks } = session.report();
  const shape = { bytes: Math.min(chunks[0].bytes, card.limits.maxStorageBufferBindingSize - 256) };
  const variant = copy.variants[0];
  const tuning = effectiveTuning(variant, {});
  const plan = checkedPlan(copy, variant, shape, tuning, card.limits);
  const pipelines = new PipelineCache(card.gpu);
  const execution = await Execution.create(card.gpu, plan, await pipelines.compile(plan), new ResidentCache(card.gpu));
  const input = variant.encode(shape, tuning, copy.input(shape, 1));
  for (let i = 0; i < 2; i++) await execution.addSet(input);
  const clock = new Clock(card.gpu, card.timestamps, card.device.software ? 0.2 : 10);
  await session.test.step(3000);
  const ratios = [];
  const total = { copied: 0, copyNs: 0 };
  const begin = session.report();
  let before = begin;
  for (let round = 0; round < rounds; round++) {
    let [ns, bytes] = [0, 0];
    const copies = async () => {
      for (const end = performance.now() + 333; performance.now() < end; ) {
        const sample = await clock.sample(execution, 1);
        ns += sample.gpuNs ?? sample.hostNs;
        bytes += 2 * shape.bytes;
      }
    };
    if (round % 2 === 0) await copies();
    await session.test.step(333);
    if (round % 2 === 1) await copies();
    const now = session.report();
    ratios.push((now.movedBytes - before.movedBytes) / (now.deviceSeconds - before.deviceSeconds) / 1e9 / (bytes / ns));
    total.copied += bytes;
    total.copyNs += ns;
    before = now;
  }
  const moved = before.movedBytes - begin.movedBytes;
  ratios.sort((a, b) => a - b);
  console.table(before.passes.map(({ name, gbPerS, errors }) => ({ name, gbPerS, errors })));
  console.log(
    `copy ${(total.copied / total.copyNs).toFixed(2)} GB/s; test ` +
      `${(moved / (before.deviceSeconds - begin.deviceSeconds) / 1e9).toFixed(2)} GB/s on the device's clock, ` +
      // Pauses are part of the wall's time: with --hold-ms 0 it shows what waiting between submissions costs.
      `${(moved / (before.wallSeconds - begin.wallSeconds) / 1e9).toFixed(2)} by the wall's`,
  );
  const at = (part) => ratios[Math.floor(part * (rounds - 1))].toFixed(2);
  console.log(`test ÷ copy, by round: median ${at(0.5)}, quartiles ${at(0.25)} and ${at(0.75)}, least ${at(0)}`);
}
