import { describe, expect, test } from 'vitest';
import { deviceFacts, identityOf } from '../../harness/telemetry/identity.js';
import { busAddressOf, matchCard, plainName } from '../../harness/telemetry/match.js';
import { type CardIdentity, noFacts } from '../../harness/telemetry/types.js';

const card = (busAddress: string | null, pciId: string | null, name: string | null) => ({ busAddress, pciId, name });
const rtx: CardIdentity = {
  ...{ name: 'NVIDIA GeForce RTX 3090', vendorId: '10de', pciId: null, busAddress: null, software: false },
};
const one = card('0000:01:00.0', '10de:2204', 'NVIDIA GeForce RTX 3090');
const twin = card('0000:02:00.0', '10de:2204', 'NVIDIA GeForce RTX 3090');
const other = card('0000:03:00.0', '10de:1c03', 'NVIDIA GeForce GTX 1060 6GB');

describe('which card the adapter is', () => {
  test('the only one of that name', () => {
    expect(matchCard(rtx, [other, one])).toEqual({ index: 1 });
  });

  test('one of two twins only by its address', () => {
    expect(matchCard(rtx, [one, twin])).toMatchObject({ code: 'identical-cards' });
    expect(matchCard({ ...rtx, busAddress: '0000:02:00.0' }, [one, twin])).toEqual({ index: 1 });
    expect(matchCard({ ...rtx, pciId: '10de:2204' }, [one, twin])).toMatchObject({ code: 'identical-cards' });
  });

  test('an address rules: the card there, or none', () => {
    expect(matchCard({ ...rtx, busAddress: '0000:09:00.0' }, [one])).toMatchObject({ code: 'no-such-card' });
  });

  test('the only card of the machine is not taken when it has another name or maker', () => {
    expect(matchCard(rtx, [other])).toMatchObject({ code: 'no-such-card' });
    expect(matchCard({ ...rtx, vendorId: '1002' }, [one])).toMatchObject({ code: 'no-such-card' });
  });

  test('a card that could not be read might be any, so that it is none', () => {
    expect(matchCard(rtx, [one, card(null, null, null)])).toMatchObject({ code: 'identical-cards' });
  });

  test('no card at all', () => {
    expect(matchCard(rtx, [])).toEqual({
      ...{ code: 'no-such-card', detail: 'none is NVIDIA GeForce RTX 3090; there is none' },
    });
  });
});

test('addresses as NVML, nvidia-smi, Vulkan and sysfs write them', () => {
  expect(['00000000:0A:00.0', '0000:0a:00.0', '0a:00.0', ' 0000:0A:00.0\n'].map(busAddressOf)).toEqual(
    Array(4).fill('0000:0a:00.0'),
  );
  expect(busAddressOf('00010000:0A:00.0')).toBe('10000:0a:00.0');
  expect(['', '0000:0a:00', 'GPU-1234', '0000:0a:00.8'].map(busAddressOf)).toEqual([null, null, null, null]);
});

test('names without what drivers add', () => {
  expect(plainName('AMD Radeon RX 6800 XT (RADV NAVI21)')).toBe('radeon rx 6800 xt');
  expect(plainName('NVIDIA GeForce RTX 3090')).toBe(plainName('GeForce RTX 3090'));
});

describe('what is known of an adapter', () => {
  const device = { name: 'NVIDIA GeForce RTX 3090', vendor: 'nvidia', software: false };

  test('Dawn tells maker and name', () => {
    expect(identityOf(device, {})).toEqual(rtx);
    expect(identityOf({ ...device, vendor: 'mesa', software: true }, {})).toMatchObject({
      ...{ vendorId: null, software: true },
    });
  });

  test('the environment tells the slot only where it is forced', () => {
    const forced = { DRI_PRIME: 'pci-0000_02_00_0', MESA_VK_DEVICE_SELECT_FORCE_DEFAULT_DEVICE: '1' };
    expect(identityOf(device, forced).busAddress).toBe('0000:02:00.0');
    expect(identityOf(device, { DRI_PRIME: 'pci-0000_02_00_0' }).busAddress).toBeNull();
    expect(identityOf(device, { MESA_VK_DEVICE_SELECT: '10de:2204!' }).pciId).toBe('10de:2204');
    // Without the exclamation mark the others stay.
    expect(identityOf(device, { MESA_VK_DEVICE_SELECT: '10de:2204' }).pciId).toBeNull();
  });

  test('facts in the words of a result', () => {
    const facts = { ...noFacts, pciId: '10de:2204', vbios: '94.02', vramBytes: 5, powerLimitWatts: 290 };
    expect(deviceFacts(facts, 'nvml')).toMatchObject({
      identity: { pciId: '10de:2204', vbios: '94.02', busAddress: null, source: 'nvml' },
      ...{ vramBytes: 5, powerLimitWatts: 290 },
    });
  });
});
