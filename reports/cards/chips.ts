/**
 * NVIDIA's device ids by chip, after the PCI id database (pci.ids, 2023-04-11): from the first to the last id of a
 * chip's row. Cut-down cards of one name are made from several chips, which have ids of their own.
 */
const RANGES: readonly (readonly [first: number, last: number, chip: string])[] = [
  ...([
    [0x1b00, 0x1b78, 'GP102'],
    [0x1b80, 0x1be1, 'GP104'],
    [0x1c00, 0x1c70, 'GP106'],
  ] as const),
  ...([
    [0x1c81, 0x1cfb, 'GP107'],
    [0x1d01, 0x1d56, 'GP108'],
    [0x1d81, 0x1df6, 'GV100'],
  ] as const),
  ...([
    [0x1e02, 0x1e78, 'TU102'],
    [0x1e81, 0x1ef5, 'TU104'],
    [0x1f02, 0x1f76, 'TU106'],
  ] as const),
  ...([
    [0x1f81, 0x1ff9, 'TU117'],
    [0x2082, 0x20fd, 'GA100'],
    [0x2182, 0x21d1, 'TU116'],
  ] as const),
  ...([
    [0x2200, 0x223f, 'GA102'],
    [0x2302, 0x233f, 'GH100'],
    [0x2414, 0x2460, 'GA103'],
  ] as const),
  ...([
    [0x2482, 0x24fa, 'GA104'],
    [0x2501, 0x2571, 'GA106'],
    [0x2582, 0x25fb, 'GA107'],
  ] as const),
  ...([
    [0x2681, 0x26f5, 'AD102'],
    [0x2704, 0x2730, 'AD103'],
    [0x2782, 0x27e0, 'AD104'],
  ] as const),
  ...([
    [0x2803, 0x2860, 'AD106'],
    [0x28a0, 0x28e1, 'AD107'],
  ] as const),
];

/** The chip that a PCI id belongs to, e.g. `GA102`; null when that is not known here. */
export function chipOf(pciId: string): string | null {
  const device = /^10de:([0-9a-f]{4})$/i.exec(pciId)?.[1];
  if (device === undefined) return null;
  const id = Number.parseInt(device, 16);
  return RANGES.find(([first, last]) => id >= first && id <= last)?.[2] ?? null;
}

/** Cards made for mining alone, by id, after the PCI id database and, for the CMP 100-210, the card reference. */
const MINING_IDS: Readonly<Record<string, string>> = {
  ...{ '10de:1b07': 'P102-100', '10de:1b87': 'P104-100', '10de:1bc7': 'P104-101' },
  ...{ '10de:1c07': 'P106-100', '10de:1c09': 'P106-090' },
  ...{ '10de:2189': 'CMP 30HX', '10de:1f0b': 'CMP 40HX', '10de:1e09': 'CMP 50HX', '10de:248a': 'CMP 70HX' },
  ...{ '10de:220d': 'CMP 90HX', '10de:1d84': 'CMP 100-210', '10de:1df4': 'CMP 100-210' },
  ...{ '10de:20c2': 'CMP 170HX', '10de:2082': 'CMP 170HX' },
};

/** The mining-only model that an id or else a name tells; null for other cards. */
export function miningModelOf(pciId: string | null, name: string): string | null {
  const byId = pciId === null ? undefined : MINING_IDS[pciId.toLowerCase()];
  return byId ?? /\b(?:CMP \d+(?:HX|-\d+)|P10[2-6]-\d{3})\b/i.exec(name)?.[0] ?? null;
}

/** Makers of boards by the vendor half of the subsystem id, after the PCI id database. */
const MAKERS: Readonly<Record<string, string>> = {
  ...{ '10de': 'NVIDIA', '1002': 'AMD', '1043': 'ASUS', '1458': 'Gigabyte', '1462': 'MSI', '3842': 'EVGA' },
  ...{ '19da': 'Zotac', '1569': 'Palit', '10b0': 'Gainward', '7377': 'Colorful', '1da2': 'Sapphire' },
  ...{ '174b': 'Sapphire', '148c': 'PowerColor', '1682': 'XFX', '1849': 'ASRock', '1787': 'HIS', '196e': 'PNY' },
  ...{ '1b4c': 'KFA2/Galax', '17aa': 'Lenovo', '1028': 'Dell', '103c': 'HP', '1eae': 'XFX' },
};

export function boardMakerOf(subsystemId: string | null): string | null {
  return MAKERS[subsystemId?.split(':')[0]?.toLowerCase() ?? ''] ?? null;
}
