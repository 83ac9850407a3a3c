import type { TelemetrySample, TelemetrySource } from '../../reports/telemetry.js';

/** What is known of the card that a WebGPU adapter is; Dawn tells neither PCI ids nor the slot. */
export interface CardIdentity {
  /** The driver's name for it. */
  readonly name: string;
  /** PCI vendor, four lower-case hexadecimal digits; null when unknown. */
  readonly vendorId: string | null;
  /** `vendor:device`, e.g. `10de:2204`; null when unknown. */
  readonly pciId: string | null;
  /** PCI address `0000:01:00.0`; null when unknown. */
  readonly busAddress: string | null;
  readonly software: boolean;
}

/** Where to look; tests give their own. */
export interface TelemetryRoots {
  /** Default `/sys`. */
  readonly sysfs?: string;
  /** NVIDIA's library; default `libnvidia-ml.so.1`, on Windows `nvml.dll`. */
  readonly nvml?: string;
  /** Default `nvidia-smi`, by PATH. */
  readonly nvidiaSmi?: string;
  /** The Vulkan loader, asked for the card's id and address; null: not asked. */
  readonly vulkan?: string | null;
}

/** What of a card does not change while it is measured. Unknown is null. */
export interface CardFacts {
  readonly name: string | null;
  /** SHA-256 of the card's own identifier, hexadecimal: tells cards apart without publishing the identifier. */
  readonly uuidHash: string | null;
  readonly busAddress: string | null;
  readonly pciId: string | null;
  readonly subsystemId: string | null;
  readonly vbios: string | null;
  /** E.g. `nvidia 550.54.14`, `amdgpu`. */
  readonly driver: string | null;
  readonly vramBytes: number | null;
  readonly powerLimitWatts: number | null;
  readonly powerDefaultLimitWatts: number | null;
  /** The best that card and slot can do together, where the driver tells; else the card alone. */
  readonly linkMax: { readonly generation: number | null; readonly width: number | null };
  readonly eccEnabled: boolean | null;
}

/** Why there is no telemetry, or not all of it. */
export const problemCodes = [
  'software-adapter',
  'unknown-vendor',
  'no-source',
  'library-missing',
  'library-refuses',
  'command-fails',
  'no-such-card',
  'identical-cards',
  'permission',
  'card-lost',
  'unknown-field',
  'process-gone',
] as const;
export type ProblemCode = (typeof problemCodes)[number];

/** Something that keeps telemetry, or a part of it, away; `remedy` is a command that mends it. */
export interface TelemetryProblem {
  readonly code: ProblemCode;
  readonly detail: string;
  readonly remedy: string | null;
}

/** What a source reads at one moment. */
export type Figures = Omit<TelemetrySample, 'tMs' | 'source'>;

/** The source as a whole answers no more: the card is lost, the driver unloaded, the process gone. */
export class TelemetryLost extends Error {
  override name = 'TelemetryLost';
}

export interface Telemetry {
  /** Null when there is none for this card; `problems` says why. */
  readonly source: TelemetrySource | null;
  readonly facts: CardFacts;
  /** Grows while sampling: a permission may be missed later. */
  readonly problems: readonly TelemetryProblem[];
  /**
   * Reads everything once. A figure that the card does not tell is null.
   * @throws {TelemetryLost} when nothing can be read; a later call may succeed again
   */
  sample(): Promise<Figures>;
  close(): Promise<void>;
}

export const noFacts: CardFacts = {
  ...{ name: null, uuidHash: null, busAddress: null, pciId: null, subsystemId: null, vbios: null, driver: null },
  ...{ vramBytes: null, powerLimitWatts: null, powerDefaultLimitWatts: null, eccEnabled: null },
  linkMax: { generation: null, width: null },
};

/** A reading that tells nothing. */
export function noFigures(): Figures {
  return {
    powerWatts: null,
    temperatureC: { edge: null, hotspot: null, memory: null },
    clocksMHz: { graphics: null, memory: null },
    utilisationPercent: { graphics: null, memory: null },
    fan: { percent: null, rpm: null },
    throttleReasons: null,
    link: { generation: null, width: null },
    pcie: { replays: null, correctable: null, uncorrectable: null },
    ecc: { corrected: null, uncorrected: null, correctedLifetime: null, uncorrectedLifetime: null },
    remappedRows: { corrected: null, uncorrected: null, pending: null, failed: null },
    energyJoules: null,
    memoryUsedBytes: null,
  };
}

/** Names of the figures that a reading lacks, in the words of the sample: `powerWatts`, `temperatureC.memory`. */
export function missingFigures(figures: Figures): string[] {
  return Object.entries(figures).flatMap(([name, value]) => {
    if (value === null) return [name];
    if (typeof value !== 'object' || Array.isArray(value)) return [];
    return Object.entries(value).flatMap(([part, inner]) => (inner === null ? [`${name}.${part}`] : []));
  });
}

/** True when a reading tells nothing at all. */
export function isEmpty(figures: Figures): boolean {
  return missingFigures(figures).length === missingFigures(noFigures()).length;
}

/** Telemetry of a card that has none. */
export function noTelemetry(problems: readonly TelemetryProblem[]): Telemetry {
  return {
    ...{ source: null, facts: noFacts, problems },
    sample: async () => noFigures(),
    close: async () => {},
  };
}

/** Collects problems, each once. */
export class Problems {
  readonly list: TelemetryProblem[] = [];
  add(code: ProblemCode, detail: string, remedy: string | null = null): void {
    if (!this.list.some((p) => p.code === code && p.detail === detail)) this.list.push({ code, detail, remedy });
  }
}
