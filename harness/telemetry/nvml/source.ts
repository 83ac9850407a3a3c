import { createHash } from 'node:crypto';
import { busAddressOf, matchCard, type SeenCard } from '../match.js';
import { pcieErrorsAt } from '../pci.js';
import {
  type CardFacts,
  type CardIdentity,
  type Figures,
  isEmpty,
  noFigures,
  type Problems,
  type Telemetry,
  TelemetryLost,
} from '../types.js';
import * as c from './constants.js';
import type { Answer, Handle, NvmlLibrary } from './library.js';

/** Answers after which nothing else will answer either. */
const LOST: readonly number[] = [
  ...[c.NVML_ERROR_UNINITIALIZED, c.NVML_ERROR_DRIVER_NOT_LOADED],
  ...[c.NVML_ERROR_GPU_IS_LOST, c.NVML_ERROR_RESET_REQUIRED],
];

const words = (code: number) => c.NVML_ERRORS[code] ?? `error ${code}`;
const hexId = (combined: number) => {
  const text = (combined >>> 0).toString(16).padStart(8, '0');
  return `${text.slice(4)}:${text.slice(0, 4)}`;
};

/** Turns answers into values: null where a card or its driver does not tell. */
class Reader {
  readonly library: NvmlLibrary;
  readonly device: Handle;
  readonly #problems: Problems;
  readonly #where: string;

  constructor(library: NvmlLibrary, device: Handle, where: string, problems: Problems) {
    this.library = library;
    this.device = device;
    this.#where = where;
    this.#problems = problems;
  }

  /** @throws {TelemetryLost} */
  value<T>(what: string, answer: Answer<T>): T | null {
    if (answer.code === c.NVML_SUCCESS) return answer.value;
    if (LOST.includes(answer.code)) throw new TelemetryLost(`NVML on ${this.#where}: ${words(answer.code)}`);
    if (answer.code === c.NVML_ERROR_NO_PERMISSION)
      this.#problems.add('permission', `NVML does not tell ${what}: ${words(answer.code)}`, 'run assay as root');
    return null;
  }

  number(query: string, ...select: readonly number[]): number | null {
    return this.value(query.replace(/^Get/, ''), this.library.number(query, this.device, ...select));
  }

  wide(names: readonly string[], ...select: readonly number[]): bigint | null {
    return this.value((names[0] as string).replace(/^Get/, ''), this.library.wide(names, this.device, ...select));
  }

  /** Counters are far below 2^53. */
  counter(query: string, ...select: readonly number[]): number | null {
    const value = this.wide([query], ...select);
    return value === null ? null : Number(value);
  }
}

const over = (value: number | null, per: number) => (value === null ? null : value / per);

function readFacts(reader: Reader, seen: SeenCard, subsystemId: string | null): CardFacts {
  const { library, device } = reader;
  const uuid = reader.value('UUID', library.uuid(device));
  const driver = reader.value('driver version', library.driverVersion());
  const ecc = reader.value('ECC mode', library.numbers('GetEccMode', device, 2));
  return {
    ...{ name: seen.name, busAddress: seen.busAddress, pciId: seen.pciId, subsystemId },
    uuidHash: uuid === null ? null : createHash('sha256').update(uuid).digest('hex'),
    vbios: reader.value('VBIOS version', library.vbios(device)),
    driver: driver === null ? null : `nvidia ${driver}`,
    vramBytes: reader.value('memory', library.memory(device))?.total ?? null,
    powerLimitWatts: over(reader.number('GetPowerManagementLimit'), 1e3),
    powerDefaultLimitWatts: over(reader.number('GetPowerManagementDefaultLimit'), 1e3),
    linkMax: { generation: reader.number('GetMaxPcieLinkGeneration'), width: reader.number('GetMaxPcieLinkWidth') },
    eccEnabled: ecc === null ? null : ecc[0] === c.NVML_FEATURE_ENABLED,
  };
}

function readFigures(reader: Reader, sysfs: string, busAddress: string | null): Figures {
  const { library, device } = reader;
  const ecc = (type: number, since: number) => reader.counter('GetTotalEccErrors', type, since);
  const mask = reader.wide(['GetCurrentClocksEventReasons', 'GetCurrentClocksThrottleReasons']);
  const load = reader.value('utilisation', library.utilisation(device));
  const rows = reader.value('remapped rows', library.numbers('GetRemappedRows', device, 4));
  return {
    powerWatts: over(reader.number('GetPowerUsage'), 1e3),
    temperatureC: {
      edge: reader.number('GetTemperature', c.NVML_TEMPERATURE_GPU),
      hotspot: null,
      // A sensor that is not wired reads 0.
      memory: reader.value('memory temperature', library.field(c.NVML_FI_DEV_MEMORY_TEMP, device)) || null,
    },
    clocksMHz: {
      graphics: reader.number('GetClockInfo', c.NVML_CLOCK_SM),
      memory: reader.number('GetClockInfo', c.NVML_CLOCK_MEM),
    },
    utilisationPercent: { graphics: load?.gpu ?? null, memory: load?.memory ?? null },
    fan: { percent: reader.number('GetFanSpeed'), rpm: null },
    throttleReasons: mask === null ? null : c.throttleReasonsOf(mask),
    link: { generation: reader.number('GetCurrPcieLinkGeneration'), width: reader.number('GetCurrPcieLinkWidth') },
    pcie: { replays: reader.number('GetPcieReplayCounter'), ...pcieErrorsAt(sysfs, busAddress) },
    ecc: {
      corrected: ecc(c.NVML_MEMORY_ERROR_TYPE_CORRECTED, c.NVML_VOLATILE_ECC),
      uncorrected: ecc(c.NVML_MEMORY_ERROR_TYPE_UNCORRECTED, c.NVML_VOLATILE_ECC),
      correctedLifetime: ecc(c.NVML_MEMORY_ERROR_TYPE_CORRECTED, c.NVML_AGGREGATE_ECC),
      uncorrectedLifetime: ecc(c.NVML_MEMORY_ERROR_TYPE_UNCORRECTED, c.NVML_AGGREGATE_ECC),
    },
    remappedRows:
      rows === null
        ? noFigures().remappedRows
        : {
            ...{ corrected: rows[0] ?? null, uncorrected: rows[1] ?? null },
            ...{ pending: rows[2] === 1, failed: rows[3] === 1 },
          },
    energyJoules: over(reader.counter('GetTotalEnergyConsumption'), 1e3),
    memoryUsedBytes: reader.value('memory', library.memory(device))?.used ?? null,
  };
}

/** What the library says of a card that is only to be recognised: nothing here may end in an exception. */
function look(library: NvmlLibrary, index: number): SeenCard & { handle: Answer<Handle>; subsystemId: string | null } {
  const handle = library.handle(index);
  if (handle.code !== c.NVML_SUCCESS) return { handle, busAddress: null, pciId: null, name: null, subsystemId: null };
  const pci = library.pciInfo(handle.value).value;
  return {
    handle,
    busAddress: pci && (busAddressOf(pci.busId) ?? busAddressOf(pci.busIdLegacy)),
    pciId: pci && hexId(pci.pciDeviceId),
    subsystemId: pci?.pciSubSystemId ? hexId(pci.pciSubSystemId) : null,
    name: library.name(handle.value).value,
  };
}

const REMEDIES: Readonly<Record<number, string>> = {
  [c.NVML_ERROR_DRIVER_NOT_LOADED]: 'sudo modprobe nvidia',
  [c.NVML_ERROR_NO_PERMISSION]: 'sudo chmod a+rw /dev/nvidia*',
  [c.NVML_ERROR_LIB_RM_VERSION_MISMATCH]: 'sudo reboot   (the driver was updated while it ran)',
};

/**
 * Telemetry through NVML; null, with problems that say why, when it cannot serve this card.
 * @throws {TelemetryLost} when the card is there and answers nothing
 */
export function openNvml(
  library: NvmlLibrary,
  identity: CardIdentity,
  sysfs: string,
  problems: Problems,
): Telemetry | null {
  const code = library.initialise();
  if (code !== c.NVML_SUCCESS) {
    problems.add('library-refuses', `NVML does not start: ${words(code)}`, REMEDIES[code] ?? null);
    return null;
  }
  const count = library.count();
  const seen = Array.from({ length: count.value ?? 0 }, (_, index) => look(library, index));
  for (const [index, { handle }] of seen.entries())
    if (handle.code === c.NVML_ERROR_NO_PERMISSION)
      problems.add('permission', `NVML does not open card ${index}: ${words(handle.code)}`, REMEDIES[handle.code]);
    else if (handle.code !== c.NVML_SUCCESS)
      problems.add('card-lost', `NVML does not open card ${index}: ${words(handle.code)}`);
  const match = matchCard(identity, seen);
  const card = 'index' in match ? seen[match.index] : undefined;
  if (!card || card.handle.code !== c.NVML_SUCCESS) {
    if ('code' in match) problems.add(match.code, `NVML: ${match.detail}`);
    library.shutdown();
    return null;
  }
  const reader = new Reader(library, card.handle.value, card.busAddress ?? identity.name, problems);
  let facts: CardFacts;
  try {
    facts = readFacts(reader, card, card.subsystemId);
  } catch (error) {
    library.shutdown();
    throw error;
  }
  return {
    source: 'nvml',
    facts,
    problems: problems.list,
    sample: async () => {
      const figures = readFigures(reader, sysfs, card.busAddress);
      if (isEmpty(figures)) throw new TelemetryLost('NVML answers, and tells nothing');
      return figures;
    },
    close: async () => {
      library.shutdown();
    },
  };
}
