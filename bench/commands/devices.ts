import pc from 'picocolors';
import { z } from 'zod';
import { adapterInfo } from '../../harness/environment/adapter-info.js';
import { type AdapterReport, type ListedAdapter, listAdapters } from '../../harness/environment/probe.js';
import { featureWords } from '../doctor/adapter-findings.js';
import { lookAtTelemetry, type TelemetryStanding, telemetryStanding, telemetryWords } from '../doctor/telemetry.js';
import { jsonOutput, writeOutputs } from '../outputs.js';

/** What `assay devices --json` writes. */
export const devicesReport = z.object({
  schema: z.literal('assay.devices/1'),
  devices: z.array(
    adapterInfo.extend({
      index: z.number().int(),
      software: z.boolean(),
      isDefault: z.boolean(),
      /** How it is reached. */
      candidate: z.enum(['system', 'swiftshader']),
    }),
  ),
  /** Names of further adapters that cannot be asked for. */
  hidden: z.array(z.string()),
  /** Of the hardware adapters; absent from older reports. */
  telemetry: z.array(telemetryStanding).optional(),
});
export type DevicesReport = z.infer<typeof devicesReport>;

function bytes(value: number | undefined): string {
  if (value === undefined) return 'unknown';
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, value)) / 10)));
  return `${Number((value / 1024 ** step).toFixed(1))} ${units[step]}`;
}

function subgroups({ subgroupMinSize, subgroupMaxSize, features }: ListedAdapter): string {
  if (!features.includes('subgroups') || subgroupMinSize === null) return '';
  return subgroupMinSize === subgroupMaxSize
    ? `; subgroups of ${subgroupMinSize}`
    : `; subgroups of ${subgroupMinSize} to ${subgroupMaxSize}`;
}

function matrices({ subgroupMatrixConfigs }: ListedAdapter): string[] {
  if (subgroupMatrixConfigs === null || subgroupMatrixConfigs.length === 0) return [];
  const shapes = subgroupMatrixConfigs.map(
    ({ componentType, resultComponentType, M, N, K }) => `${M}×${N}×${K} ${componentType}→${resultComponentType}`,
  );
  return [`matrices  ${shapes.join(', ')}`];
}

/** The list for people. */
export function renderDevices(
  { adapters, hidden }: Pick<AdapterReport, 'adapters' | 'hidden'>,
  colors: ReturnType<typeof pc.createColors> = pc,
  telemetry: readonly TelemetryStanding[] = [],
): string {
  if (adapters.length === 0)
    return 'No adapter can be used here. What is missing, and the command that mends it: assay doctor\n';
  const blocks = adapters.map((adapter, index) => {
    const { limits } = adapter;
    const kind = `${adapter.software ? 'software' : 'hardware'}${adapter.isDefault ? ', the default' : ''}`;
    const standing = telemetry.find((it) => it.adapter === adapter.name);
    const lines = [
      `driver    ${adapter.description || 'unknown'} (${adapter.backend}${adapter.candidate === 'swiftshader' ? ', from npm' : ''})`,
      `features  ${featureWords(adapter.features)}${subgroups(adapter)}`,
      ...matrices(adapter),
      `limits    storage binding ${bytes(limits.maxStorageBufferBindingSize)}, buffer ${bytes(limits.maxBufferSize)}, workgroup memory ${bytes(limits.maxComputeWorkgroupStorageSize)}, ${limits.maxComputeInvocationsPerWorkgroup ?? 'unknown'} invocations`,
      ...(standing ? [`telemetry ${telemetryWords(standing)}`] : []),
      `select    --device "${adapter.name}"`,
    ];
    return [`${index}  ${colors.bold(adapter.name)}  (${kind})`, ...lines.map((line) => `   ${line}`)].join('\n');
  });
  if (hidden.length > 0)
    blocks.push(
      `Not listed: ${hidden.join(', ')}. Adapters are chosen by a part of their name, and these names do not set them apart.`,
    );
  return `${blocks.join('\n\n')}\n`;
}

/**
 * `assay devices`: lists the adapters and how to choose one.
 * @returns the exit code: 0, or 3 when there is none
 */
export async function devices(options: { readonly json?: string | undefined } = {}): Promise<number> {
  const { adapters, hidden } = await listAdapters();
  const telemetry = await lookAtTelemetry(adapters);
  const report: DevicesReport = {
    schema: 'assay.devices/1',
    devices: adapters.map((adapter, index) => ({ index, ...adapter })),
    hidden: [...hidden],
    telemetry,
  };
  if (options.json !== '-') process.stdout.write(renderDevices({ adapters, hidden }, pc, telemetry));
  writeOutputs(jsonOutput(options.json), report);
  return adapters.length > 0 ? 0 : 3;
}
