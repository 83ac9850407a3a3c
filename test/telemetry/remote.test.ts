import { execFileSync } from 'node:child_process';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { type RemoteTelemetry, remoteTelemetry } from '../../harness/telemetry/remote.js';
import { Sampler } from '../../harness/telemetry/sampler.js';
import { type CardIdentity, TelemetryLost } from '../../harness/telemetry/types.js';
import { polaris } from './cards.js';
import { buildFakeNvml, type FakeNvml } from './fake-nvml.js';
import { buildTree } from './tree.js';

const built = buildFakeNvml();
const fake = built as FakeNvml;
const identity: CardIdentity = {
  ...{ name: 'NVIDIA GeForce RTX 3090', vendorId: '10de', pciId: null, busAddress: null, software: false },
};
const open = (options: Partial<Parameters<typeof remoteTelemetry>[1]> = {}): Promise<RemoteTelemetry> =>
  remoteTelemetry(identity, {
    roots: { sysfs: '/nowhere', nvml: fake.current, nvidiaSmi: '/nowhere/nvidia-smi', vulkan: null },
    ...options,
  });

function runs(pid: number | null): boolean {
  try {
    process.kill(pid as number, 0);
    return true;
  } catch {
    return false;
  }
}

test('a sysfs source in a process of its own answers as it does here', async () => {
  const tree = buildTree([polaris]);
  const amd = { ...identity, name: 'AMD Radeon RX 580 Series', vendorId: '1002' };
  const telemetry = await remoteTelemetry(amd, { roots: { sysfs: tree.sysfs, vulkan: null } });
  expect(telemetry).toMatchObject({ source: 'amdgpu', facts: { vbios: '113-58085SHC1-W90' } });
  expect(telemetry.pid).not.toBe(process.pid);
  expect((await telemetry.sample()).powerWatts).toBe(84.123);
  tree.unplug('0000:03:00.0');
  await expect(telemetry.sample()).rejects.toThrow('gone from the PCI bus');
  await telemetry.close();
  expect(runs(telemetry.pid)).toBe(false);
  tree.remove();
});

test('a program needs no process, and a card without a source keeps none', async () => {
  const software = await remoteTelemetry({ ...identity, software: true });
  expect(software).toMatchObject({ pid: null, source: null, problems: [{ code: 'software-adapter' }] });
  const nothing = await remoteTelemetry(
    { ...identity, vendorId: '1002' },
    { roots: { sysfs: '/nowhere', vulkan: null } },
  );
  expect(nothing).toMatchObject({ pid: null, source: null, problems: [{ code: 'no-such-card' }] });
});

describe('with a library', () => {
  beforeEach((context) => {
    if ('missing' in built) context.skip(built.missing);
    fake.behave();
  });
  afterAll(() => fake.remove?.());

  test('a library that crashes takes its process along, and nothing else', async () => {
    const telemetry = await open();
    expect((await telemetry.sample()).temperatureC.edge).toBe(68);
    fake.behave('crash');
    await expect(telemetry.sample()).rejects.toThrow(TelemetryLost);
    await expect(telemetry.sample()).rejects.toThrow('killed by SIGABRT');
    await telemetry.close();
  });

  test('a library that hangs while it is opened is given up, with the reason', async () => {
    fake.behave('hang');
    const telemetry = await open({ openTimeoutMs: 1500 });
    expect(telemetry).toMatchObject({ source: null, problems: [{ code: 'process-gone' }] });
    expect(telemetry.problems[0]?.detail).toContain('did not answer within 1.5 s');
  });

  test('one that hangs later blocks nobody: the sampler goes on with nulls, and closing ends it', async () => {
    const telemetry = await open({ closeTimeoutMs: 300 });
    const sampler = new Sampler(telemetry, { periodMs: 20, patienceMs: 500 });
    const until = async (reached: () => boolean) => {
      while (!reached()) await new Promise((resolve) => setImmediate(resolve));
    };
    sampler.start();
    await until(() => sampler.samples.at(-1)?.temperatureC.edge === 68);
    const before = sampler.events.length;
    fake.behave('hang');
    await until(() => sampler.events.length > before);
    expect(sampler.events.at(-1)).toMatchObject({ code: 'telemetry-lost' });
    expect(sampler.samples.at(-1)?.temperatureC.edge).toBeNull();
    await sampler.stop();
    await until(() => !runs(telemetry.pid));
  });

  test('problems found while sampling are told here too', async () => {
    const telemetry = await open();
    expect(telemetry.problems).toEqual([]);
    fake.behave('GetTotalEccErrors=4');
    await telemetry.sample();
    expect(telemetry.problems).toMatchObject([{ code: 'permission' }]);
    await telemetry.close();
  });

  test('an open source does not keep its parent running', () => {
    const script = `
      import { remoteTelemetry, Sampler } from './dist/harness/telemetry/index.js';
      const telemetry = await remoteTelemetry(${JSON.stringify(identity)}, { roots: { nvml: ${JSON.stringify(fake.current)}, vulkan: null } });
      new Sampler(telemetry).start();
      console.log(telemetry.source);`;
    const said = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      ...{ encoding: 'utf8', timeout: 30_000 },
    });
    expect(said.trim()).toBe('nvml');
  });
});
