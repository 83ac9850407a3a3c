import { describe, expect, test } from 'vitest';
import { fastest } from '../../bench/baselines/fastest.js';
import type { LoadedBaseline } from '../../harness/baseline.js';

/** Takes so long that no scheduler turns the order round: the work is counted, not slept. */
const busy = (turns: number) => {
  let sum = 0;
  for (let i = 0; i < turns; i++) sum += Math.sqrt(i);
  return sum;
};
interface Form {
  readonly form: string;
  readonly turns: number;
  readonly stray?: string;
  readonly broken?: string;
}
const log: string[] = [];
const load = async ({ form, turns, stray, broken }: Form): Promise<LoadedBaseline> => ({
  provenance: null,
  reasons: stray ? [{ code: 'silent-cpu-fallback', detail: stray }] : [],
  run: async () => {
    if (broken) throw new Error(broken);
    busy(turns);
  },
  finish: async () => {},
  output: async () => null,
  release: async () => {
    log.push(form);
  },
});
const slow: Form = { form: 'slow', turns: 2e7 };
const quick: Form = { form: 'quick', turns: 10 };

describe('the fastest of several forms', () => {
  test('is chosen, wherever it stands, and the others are told of and released', async () => {
    log.length = 0;
    for (const candidates of [[slow, quick] as const, [quick, slow] as const]) {
      const { chosen, note } = await fastest<Form>([...candidates], load);
      expect(chosen).toBe(quick);
      expect(note).toMatch(/^slow took \d+\.\d+ times as long$/);
    }
    expect(log.sort()).toEqual(['quick', 'quick', 'slow', 'slow']);
  });

  test('is none that leaves the device or breaks, however fast', async () => {
    const stray: Form = { ...quick, form: 'stray', stray: 'placed on the CPU' };
    const broken: Form = { ...quick, form: 'broken', broken: 'no kernel\nat …' };
    const { chosen, note } = await fastest<Form>([stray, broken, slow], load);
    expect(chosen).toBe(slow);
    expect(note).toBe('stray passed over: placed on the CPU; broken passed over: no kernel');
  });

  test('is the first when none runs, so that its own failure is seen', async () => {
    const broken: Form = { ...quick, broken: 'no kernel' };
    expect((await fastest<Form>([broken, { ...broken, form: 'too' }], load)).chosen).toBe(broken);
  });

  test('is not asked for where there is one only', async () => {
    const never = () => Promise.reject(new Error('loaded'));
    expect(await fastest<Form>([quick], never)).toEqual({ chosen: quick, note: null });
  });
});
