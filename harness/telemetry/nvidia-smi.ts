import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { busAddressOf, matchCard } from './match.js';
import { throttleReasonsOf } from './nvml/constants.js';
import { pcieErrorsAt } from './pci.js';
import {
  type CardFacts,
  type CardIdentity,
  type Figures,
  isEmpty,
  noFigures,
  type Problems,
  type Telemetry,
  TelemetryLost,
} from './types.js';

/**
 * Telemetry through NVIDIA's command, for where the library cannot be loaded. Fields: `nvidia-smi --help-query-gpu`.
 * Which of them a version knows changes, and one unknown field fails the whole query.
 */
const FACTS = [
  ...['uuid', 'pci.bus_id', 'pci.device_id', 'pci.sub_device_id', 'name', 'vbios_version', 'driver_version'],
  ...['memory.total', 'power.limit', 'power.default_limit', 'pcie.link.gen.max', 'pcie.link.width.max'],
  'ecc.mode.current',
] as const;
const FIGURES = [
  ...['power.draw', 'temperature.gpu', 'temperature.memory', 'clocks.sm', 'clocks.mem'],
  ...['utilization.gpu', 'utilization.memory', 'fan.speed', 'clocks_event_reasons.active'],
  ...['pcie.link.gen.current', 'pcie.link.width.current', 'memory.used'],
  ...['ecc.errors.corrected.volatile.total', 'ecc.errors.uncorrected.volatile.total'],
  ...['ecc.errors.corrected.aggregate.total', 'ecc.errors.uncorrected.aggregate.total'],
] as const;
/** Names of drivers before 535. */
const OLDER: Readonly<Record<string, string>> = { 'clocks_event_reasons.active': 'clocks_throttle_reasons.active' };

/** The command hangs with the card. */
const TIMEOUT_MS = 10_000;
const MIB = 2 ** 20;

export interface CommandOutput {
  /** Exit status; null when it could not be started, was killed, or took too long. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}
export type RunCommand = (args: readonly string[]) => Promise<CommandOutput>;

/** Runs the command with figures in the plain C locale, without a shell. */
export function commandRunner(file: string): RunCommand {
  return (args) =>
    new Promise((resolve) => {
      const options = { timeout: TIMEOUT_MS, killSignal: 'SIGKILL' as const, env: { ...process.env, LC_ALL: 'C' } };
      execFile(file, [...args], options, (error, stdout, stderr) => {
        const status = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
        resolve({ status, stdout, stderr: status === null ? `${stderr}${error?.message ?? ''}` : stderr });
      });
    });
}

/** A row's cells. The separator is a comma with a space; a comma alone may be a decimal comma. */
export function cellsOf(line: string): string[] {
  return line.trim().split(/,\s+/);
}

/** A number, with whatever unit; `[N/A]`, `[Not Supported]`, `ERR!`, `[Unknown Error]` and the like are null. */
export function numberOf(cell: string | undefined): number | null {
  const found = /^(-?\d+)(?:[.,](\d+))?(?:\s*[a-z%/]+)?$/i.exec(cell?.trim() ?? '');
  return found ? Number(`${found[1]}.${found[2] ?? '0'}`) : null;
}

/** A word; what stands in brackets or says that there is none is null. */
export function textOf(cell: string | undefined): string | null {
  const text = cell?.trim() ?? '';
  return text === '' || /^\[.*\]$/.test(text) || /^(?:N\/A|ERR!|Unknown Error|Not Supported)$/i.test(text)
    ? null
    : text;
}

/** The mask of `…_reasons.active`, printed as `0x0000000000000004`. */
function maskOf(cell: string | undefined): bigint | null {
  const text = cell?.trim() ?? '';
  return /^0x[0-9a-f]{1,16}$/i.test(text) ? BigInt(text) : null;
}

type Row = ReadonlyMap<string, string>;

/** Asks for fields, leaving out one after the other those that this version does not know. */
export class NvidiaSmi {
  readonly #run: RunCommand;
  readonly #problems: Problems;
  readonly #unknown = new Set<string>();

  constructor(run: RunCommand, problems: Problems) {
    this.#run = run;
    this.#problems = problems;
  }

  /** Rows by the names that were asked for. @throws {TelemetryLost} with what the command said */
  async query(fields: readonly string[], card: string | null = null): Promise<Row[]> {
    for (;;) {
      const asked = fields.map((field) => this.#spelling(field)).filter((field) => field !== null);
      const select = card === null ? [] : ['-i', card];
      const args = [`--query-gpu=${asked.map(({ sent }) => sent).join(',')}`, '--format=csv,noheader,nounits'];
      const output = await this.#run([...select, ...args]);
      const said = `${output.stdout}\n${output.stderr}`.trim();
      if (output.status !== 0) {
        const unknown = /Field "([^"]+)" is not a valid field to query/.exec(said)?.[1];
        if (unknown !== undefined && asked.some(({ sent }) => sent === unknown)) {
          this.#unknown.add(unknown);
          continue;
        }
        throw new TelemetryLost(`nvidia-smi: ${said.split('\n')[0] || `exit status ${output.status}`}`);
      }
      return output.stdout
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map((line) => this.#row(asked, line));
    }
  }

  #spelling(field: string): { field: string; sent: string } | null {
    if (!this.#unknown.has(field)) return { field, sent: field };
    const older = OLDER[field];
    if (older !== undefined && !this.#unknown.has(older)) return { field, sent: older };
    this.#problems.add('unknown-field', `this nvidia-smi does not know ${field}`);
    return null;
  }

  #row(asked: readonly { field: string }[], line: string): Row {
    const cells = cellsOf(line);
    // Cells that cannot be told apart would be read as each other.
    if (cells.length !== asked.length) throw new TelemetryLost(`nvidia-smi: "${line.trim()}" is not a row of figures`);
    return new Map(asked.map(({ field }, i) => [field, cells[i] as string]));
  }
}

const hexId = (cell: string | undefined) => {
  const found = /^0x([0-9a-f]{4})([0-9a-f]{4})$/i.exec(cell?.trim() ?? '');
  return found ? `${found[2]}:${found[1]}`.toLowerCase() : null;
};

function factsOf(row: Row): CardFacts {
  const uuid = textOf(row.get('uuid'));
  const driver = textOf(row.get('driver_version'));
  const memory = numberOf(row.get('memory.total'));
  const ecc = textOf(row.get('ecc.mode.current'));
  return {
    name: textOf(row.get('name')),
    uuidHash: uuid === null ? null : createHash('sha256').update(uuid).digest('hex'),
    busAddress: busAddressOf(row.get('pci.bus_id') ?? ''),
    pciId: hexId(row.get('pci.device_id')),
    subsystemId: hexId(row.get('pci.sub_device_id')),
    vbios: textOf(row.get('vbios_version')),
    driver: driver === null ? null : `nvidia ${driver}`,
    vramBytes: memory === null ? null : memory * MIB,
    powerLimitWatts: numberOf(row.get('power.limit')),
    powerDefaultLimitWatts: numberOf(row.get('power.default_limit')),
    linkMax: { generation: numberOf(row.get('pcie.link.gen.max')), width: numberOf(row.get('pcie.link.width.max')) },
    eccEnabled: ecc === null ? null : ecc === 'Enabled',
  };
}

function figuresOf(row: Row): Figures {
  const number = (field: (typeof FIGURES)[number]) => numberOf(row.get(field));
  const mask = maskOf(row.get('clocks_event_reasons.active'));
  const used = number('memory.used');
  return {
    ...noFigures(),
    powerWatts: number('power.draw'),
    temperatureC: { edge: number('temperature.gpu'), hotspot: null, memory: number('temperature.memory') || null },
    clocksMHz: { graphics: number('clocks.sm'), memory: number('clocks.mem') },
    utilisationPercent: { graphics: number('utilization.gpu'), memory: number('utilization.memory') },
    fan: { percent: number('fan.speed'), rpm: null },
    throttleReasons: mask === null ? null : throttleReasonsOf(mask),
    link: { generation: number('pcie.link.gen.current'), width: number('pcie.link.width.current') },
    ecc: {
      corrected: number('ecc.errors.corrected.volatile.total'),
      uncorrected: number('ecc.errors.uncorrected.volatile.total'),
      correctedLifetime: number('ecc.errors.corrected.aggregate.total'),
      uncorrectedLifetime: number('ecc.errors.uncorrected.aggregate.total'),
    },
    memoryUsedBytes: used === null ? null : used * MIB,
  };
}

/** Telemetry through nvidia-smi; null, with problems that say why, when it cannot serve this card. */
export async function openNvidiaSmi(
  run: RunCommand,
  identity: CardIdentity,
  sysfs: string,
  problems: Problems,
): Promise<Telemetry | null> {
  const command = new NvidiaSmi(run, problems);
  let seen: CardFacts[];
  try {
    seen = (await command.query(FACTS)).map(factsOf);
  } catch (error) {
    problems.add('command-fails', (error as Error).message);
    return null;
  }
  const match = matchCard(identity, seen);
  if ('code' in match) {
    problems.add(match.code, `nvidia-smi: ${match.detail}`);
    return null;
  }
  const facts = seen[match.index] as CardFacts;
  return {
    source: 'nvidia-smi',
    facts,
    problems: problems.list,
    sample: async () => {
      const [row] = await command.query(FIGURES, facts.busAddress ?? String(match.index));
      const figures = row ? figuresOf(row) : noFigures();
      if (isEmpty(figures)) throw new TelemetryLost('nvidia-smi answers, and tells nothing');
      return { ...figures, pcie: { ...figures.pcie, ...pcieErrorsAt(sysfs, facts.busAddress) } };
    },
    close: async () => {},
  };
}
