import { test } from 'vitest';
import { FaultyMemory } from '../../harness/faults/faulty-memory.js';
import { memoryFault } from '../../harness/faults/memory-faults.js';
import { MemoryTest } from '../../harness/memory-test/test.js';
import { SimulatedMemory } from '../memory-test/simulated.js';
test('x', async () => {
  for (const [fault, seed] of [['stuck-bit',1],['address-line',7920]] as const) {
    const memory = new SimulatedMemory([2048, 2048, 2048, 2048, 2048, 1024, 512]);
    const f = memoryFault(fault, seed, memory.chunks);
    const t = new MemoryTest(new FaultyMemory(memory, f), { seed, level: 'quick', submissionMs: 50, holdMs: 1 });
    while (!t.done) await t.step(1000);
    console.log(f.detail, t.report().classes, t.report().finding);
    const by: Record<string, number> = {};
    for (const e of t.tally.errors) { const k=`${e.pass} ${e.held} ${e.class}`; by[k]=(by[k]??0)+1; }
    console.log(by);
    for (const e of t.tally.errors.filter(e=>e.class!==(fault==='stuck-bit'?'stuck':'address')).slice(0,6)) console.log(e.pass, e.held, e.chunk, e.word, ...[e.expected,e.first,e.second,e.afterRewrite].map(x=>x.toString(16)), e.origin, e.class);
  }
});
