import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { listAdapters } from '../../harness/environment/probe.js';
import { packageRoot } from '../../harness/root.js';
import type { CardIdentity } from '../../harness/telemetry/types.js';
import { refineIdentity, type VulkanDevice } from '../../harness/telemetry/vulkan.js';

const identity: CardIdentity = {
  ...{ name: 'AMD Radeon RX 6800 XT (RADV NAVI21)', vendorId: '1002', pciId: null, busAddress: null, software: false },
};
const device = (name: string, pciId: string | null, busAddress: string | null): VulkanDevice => ({
  ...{ name, pciId, busAddress },
});
const navi = device(identity.name, '1002:73bf', '0000:09:00.0');

describe('what Vulkan adds to an identity', () => {
  test('id and address of the only card of that name', () => {
    const inside = device('AMD Radeon Graphics (RADV RENOIR)', '1002:1636', '0000:05:00.0');
    expect(refineIdentity(identity, [inside, navi])).toMatchObject({ pciId: '1002:73bf', busAddress: '0000:09:00.0' });
  });

  test('of twins the id only', () => {
    const twin = device(identity.name, '1002:73bf', '0000:0c:00.0');
    expect(refineIdentity(identity, [navi, twin])).toMatchObject({ pciId: '1002:73bf', busAddress: null });
    const unlike = device(identity.name, '1002:73af', null);
    expect(refineIdentity(identity, [navi, unlike])).toEqual(identity);
  });

  test('one card by two drivers is one card', () => {
    const again = device('AMD Radeon RX 6800 XT', '1002:73bf', '0000:09:00.0');
    const byAmd = { ...identity, name: 'AMD Radeon RX 6800 XT' };
    expect(refineIdentity(byAmd, [navi, again]).busAddress).toBe('0000:09:00.0');
    expect(refineIdentity(identity, [navi, navi]).busAddress).toBe('0000:09:00.0');
  });

  test('nothing of another name, and what is known stands', () => {
    expect(refineIdentity(identity, [device('NVIDIA GeForce RTX 3090', '10de:2204', '0000:01:00.0')])).toEqual(
      identity,
    );
    expect(refineIdentity({ ...identity, busAddress: '0000:01:00.0' }, [navi]).busAddress).toBe('0000:01:00.0');
  });
});

test('the loader lists the adapters that Dawn lists, by the same names', async (context) => {
  const { adapters, probed } = await listAdapters();
  const system = probed.find(({ candidate }) => candidate.id === 'system');
  const names = adapters.filter(({ candidate }) => candidate === 'system').map(({ name }) => name);
  if (!system || names.length === 0) return context.skip('the system has no Vulkan driver that Dawn takes');
  const script = `
    import { vulkanDevices } from './dist/harness/telemetry/vulkan.js';
    console.log(JSON.stringify(vulkanDevices('libvulkan.so.1')));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    ...{ cwd: packageRoot, encoding: 'utf8', env: { ...process.env, ...system.candidate.env }, timeout: 60_000 },
  });
  const devices = JSON.parse(stdout || stderr) as VulkanDevice[];
  expect(devices.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
  for (const { pciId, busAddress } of devices) {
    expect(pciId ?? '0000:0000').toMatch(/^[0-9a-f]{4}:[0-9a-f]{4}$/);
    expect(busAddress ?? '0000:00:00.0').toMatch(/^[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/);
  }
});
