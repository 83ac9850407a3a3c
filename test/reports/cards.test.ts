import { describe, expect, test } from 'vitest';
import { cardReference, cards, type Figure, findCard } from '../../reports/cards/index.js';

const device = (name: string, more: Partial<Parameters<typeof findCard>[0]> = {}) =>
  findCard({ name, software: false, identity: null, vramBytes: null, ...more });
const pci = (pciId: string | null) => ({
  identity: { pciId, subsystemId: null, busAddress: null, uuidHash: null, vbios: null, source: 'test' },
});
const within = (figure: Figure | null, low: number, high: number) => {
  if (figure === null) return;
  expect(figure.value).toBeGreaterThanOrEqual(low);
  expect(figure.upTo ?? figure.value).toBeLessThanOrEqual(high);
};

describe('the card references', () => {
  test.each(cards.map((card) => [card.id, card] as const))('%s is whole and in range', (_, card) => {
    expect(() => cardReference.parse(card)).not.toThrow();
    within(card.vramBytes, 2 ** 30, 2 ** 38);
    within(card.memoryBytesPerSecond, 50e9, 10e12);
    within(card.f32FlopPerSecond, 0.1e12, 500e12);
    within(card.f16MatrixFlopPerSecond, 1e12, 5e15);
    within(card.int32IopPerSecond, 0.1e12, 250e12);
    within(card.boardPowerWatts, 50, 1500);
    within(card.ethashHashesPerSecond, 1e6, 1e9);
    within(card.sha256HashesPerSecond, 0.1e9, 100e9);
  });

  test.each(cards.map((card) => [card.id, card] as const))('%s agrees with itself', (_, card) => {
    const { f32FlopPerSecond: f32, memoryBytesPerSecond: memory, int32IopPerSecond: int } = card;
    // From throttled cards to those with little bandwidth for their lanes.
    if (f32 && memory) expect(f32.value / memory.value).toBeGreaterThan(0.2);
    if (f32 && memory) expect(f32.value / memory.value).toBeLessThan(120);
    if (f32 && int) expect([1 / 2, 1 / 4]).toContainEqual(expect.closeTo(int.value / f32.value, 6));
    // An Ethash hash reads 64 pages of 128 bytes (Yellow Paper, appendix J).
    if (memory && card.ethashHashesPerSecond)
      expect(card.ethashHashesPerSecond.value).toBeLessThan((1.1 * memory.value) / 8192);
  });

  test('no identifier is given twice', () => {
    for (const list of [
      cards.map((card) => card.id),
      cards.flatMap((card) => [...card.pciIds, ...card.sharedPciIds]),
      cards.flatMap((card) => [card.name, ...card.aliases]),
    ])
      expect(new Set(list).size).toBe(list.length);
  });

  test('a number without a source, with an upper end below it, or of nothing is refused', () => {
    const [card] = cards as [(typeof cards)[0]];
    const spoiled = (figure: object) => ({ ...card, vramBytes: { ...card.vramBytes, ...figure } });
    for (const figure of [{ source: ' ' }, { upTo: 1 }, { value: 0 }, { value: -1 }, { status: 'rumour' }])
      expect(cardReference.safeParse(spoiled(figure)).success).toBe(false);
    expect(cardReference.safeParse({ ...card, pciIds: ['10DE:2204'] }).success).toBe(false);
    expect(cardReference.safeParse({ ...card, colour: 'black' }).success).toBe(false);
  });
});

describe('findCard', () => {
  test.each([
    ['NVIDIA GeForce RTX 3090', 'rtx-3090'],
    ['GeForce RTX 3090', 'rtx-3090'],
    ['nvidia geforce rtx 3090', 'rtx-3090'],
    ['NVIDIA GeForce(TM) RTX 3090', 'rtx-3090'],
    ['AMD Radeon RX 580 Series (RADV POLARIS10)', 'rx-580'],
    ['AMD Radeon(TM) RX 6800 XT', 'rx-6800-xt'],
    ['NVIDIA A100-SXM4-80GB', 'a100-80gb'],
    ['NVIDIA H100 80GB HBM3', 'h100-sxm'],
    ['NVIDIA A40', 'a40'],
  ])('knows %s', (name, id) => {
    expect(device(name)).toMatchObject({ card: { id }, by: 'name' });
  });

  test.each(['NVIDIA GeForce RTX 3090 Ti', 'NVIDIA GeForce RTX 3070 Ti', 'AMD Radeon RX 6800', 'A4000', 'NVIDIA', ''])(
    'does not take %j for another',
    (name) => {
      expect(device(name)).toBeNull();
    },
  );

  test('a PCI id outweighs a name, unless other models share it', () => {
    expect(device('Graphics Device', pci('10DE:2204'))).toMatchObject({ card: { id: 'rtx-3090' }, by: 'pci-id' });
    expect(device('NVIDIA GeForce RTX 4090', pci('10de:2204'))).toMatchObject({ card: { id: 'rtx-3090' } });
    expect(device('something', pci('1002:67df'))).toBeNull();
    expect(device('NVIDIA GeForce RTX 3090', pci(null))).toMatchObject({ by: 'name' });
  });

  test('another version of the same name is not that card', () => {
    expect(device('NVIDIA GeForce RTX 3060', { vramBytes: 8 * 2 ** 30 })).toBeNull();
    expect(device('NVIDIA GeForce RTX 3060', { vramBytes: 12 * 2 ** 30 })).not.toBeNull();
    // What the driver keeps for itself is no other version.
    expect(device('NVIDIA GeForce RTX 3090', { vramBytes: 23.6 * 2 ** 30 })).not.toBeNull();
    expect(device('NVIDIA GeForce RTX 3080', { vramBytes: 12 * 2 ** 30, ...pci('10de:2206') })).toBeNull();
  });

  test('a software adapter is no card, whatever it calls itself', () => {
    expect(device('NVIDIA GeForce RTX 3090', { software: true, ...pci('10de:2204') })).toBeNull();
  });
});
