import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mergeAdapters, probe } from '../../harness/environment/probe.js';
import { fakeAdapter, lavapipe, probed, swiftShaderAdapter } from './adapter-fixtures.js';
import { temporaryFolder } from './temporary.js';

function child(source: string): { script: string } {
  return { script: join(temporaryFolder({ 'child.mjs': source }), 'child.mjs') };
}

const answer = (value: unknown) => `process.stdout.write(${JSON.stringify(`${JSON.stringify(value)}\n`)});`;

test('a child’s adapters are taken, and what drivers wrote is kept aside', async () => {
  const source = `console.log('a driver talks'); console.error('Warning: a limit'); ${answer({ adapters: [lavapipe], hidden: ['twin'] })}`;
  expect(await probe({}, child(source))).toEqual({
    status: 'ok',
    adapters: [lavapipe],
    hidden: ['twin'],
    log: 'Warning: a limit\n',
  });
});

test('the candidate’s variables reach the child', async () => {
  const source = "console.log(JSON.stringify({ error: { stage: 'adapter', message: process.env.VK_DRIVER_FILES } }))";
  expect(await probe({ VK_DRIVER_FILES: '/d.json' }, child(source))).toMatchObject({
    code: 'refused',
    message: '/d.json',
  });
});

test('Dawn that does not load is told apart', async () => {
  const message = "version `GLIBC_2.34' not found";
  const source = answer({ error: { stage: 'load', message } });
  expect(await probe({}, child(source))).toMatchObject({ status: 'failed', code: 'not-loaded', message });
});

test.each([
  ['a signal', "process.kill(process.pid, 'SIGSEGV'); setInterval(() => {}, 1000);", 'SIGSEGV'],
  ['an exit code', 'process.exit(7);', 'exit code 7'],
])('a child ended by %s has crashed', async (_, source, words) => {
  const result = await probe({}, child(source));
  expect(result).toMatchObject({ status: 'failed', code: 'crashed', message: expect.stringContaining(words) });
});

test('an answer stands although the driver crashes while the process ends', async () => {
  const source = `import { writeSync } from 'node:fs';
    writeSync(1, ${JSON.stringify(`${JSON.stringify({ adapters: [lavapipe], hidden: [] })}\n`)}); process.kill(process.pid, 'SIGABRT');`;
  expect(await probe({}, child(source))).toMatchObject({ status: 'ok', adapters: [lavapipe] });
});

test('a child that never ends is ended', async () => {
  const result = await probe({}, { ...child('setInterval(() => {}, 1000);'), timeoutMs: 200 });
  expect(result).toMatchObject({ status: 'failed', code: 'hung' });
});

test.each([
  ['nothing', ''],
  ['words', "console.log('hello');"],
  ['an answer of another shape', answer({ adapters: [{ name: 'card' }], hidden: [] })],
])('%s instead of an answer is garbled', async (_, source) => {
  expect(await probe({}, child(source))).toMatchObject({ status: 'failed', code: 'garbled' });
});

test('a real probe answers within this environment, whatever it finds', async () => {
  const result = await probe({});
  expect(result.status === 'ok' || ['not-loaded', 'refused', 'crashed'].includes(result.code)).toBe(true);
});

const card = fakeAdapter();

test('the default is the system’s hardware, then the system’s software, then SwiftShader', () => {
  const nameOfDefault = (...args: Parameters<typeof mergeAdapters>) =>
    mergeAdapters(...args).adapters.find(({ isDefault }) => isDefault)?.name ?? null;
  expect(nameOfDefault([probed('system', [lavapipe, card]), probed('swiftshader', [swiftShaderAdapter])])).toBe(
    card.name,
  );
  expect(nameOfDefault([probed('system', [lavapipe]), probed('swiftshader', [swiftShaderAdapter])])).toBe(
    lavapipe.name,
  );
  expect(nameOfDefault([probed('system', []), probed('swiftshader', [swiftShaderAdapter])])).toBe(
    swiftShaderAdapter.name,
  );
  expect(nameOfDefault([probed('system', [])])).toBeNull();
});

test('an adapter that two ways lead to is listed once, by the first', () => {
  const merged = mergeAdapters([
    probed('system', [swiftShaderAdapter], [card.name]),
    probed('swiftshader', [swiftShaderAdapter]),
  ]);
  expect(merged.adapters.map(({ candidate, software }) => [candidate, software])).toEqual([['system', true]]);
  expect(merged.hidden).toEqual([card.name]);
});
