import { DEFAULT_POLICY } from '../../bench/qualify/policy.js';
import type { CheckContext } from '../../bench/qualify/step.js';
import type { Card } from '../../harness/card.js';
import { type CardFacts, noFacts, noFigures } from '../../harness/telemetry/types.js';
import type { Device } from '../../reports/schema.js';
import type { TelemetrySample } from '../../reports/telemetry.js';

/** A card's device as Dawn tells it, of a genuine RTX 3090. */
export const device = (more: Partial<Device> = {}): Device => ({
  ...{ name: 'NVIDIA GeForce RTX 3090', vendor: 'nvidia', architecture: 'ampere', description: '', backend: 'vulkan' },
  ...{ software: false, driver: null, features: [], limits: {}, toggles: { enabled: [], disabled: [] } },
  ...{ identity: null, vramBytes: null, powerLimitWatts: null },
  ...more,
});

/** What telemetry says of the same card. */
export const facts = (more: Partial<CardFacts> = {}): CardFacts => ({
  ...noFacts,
  ...{ name: 'NVIDIA GeForce RTX 3090', pciId: '10de:2204', subsystemId: '1458:4043', vbios: '94.02.26.48.0a' },
  ...{ busAddress: '0000:01:00.0', driver: 'nvidia 550.54.14', vramBytes: 24 * 2 ** 30 },
  linkMax: { generation: 4, width: 16 },
  ...more,
});

/** A reading; parts that are given are merged into one that tells nothing. */
export function sample(
  tMs: number,
  more: { readonly [K in keyof TelemetrySample]?: Partial<TelemetrySample[K]> | TelemetrySample[K] } = {},
): TelemetrySample {
  const given: Readonly<Record<string, unknown>> = more;
  const parts = Object.entries(noFigures()).map(([name, empty]) => {
    const value = given[name];
    const isGroup = (one: unknown): one is object => typeof one === 'object' && one !== null && !Array.isArray(one);
    if (isGroup(empty) && isGroup(value)) return [name, { ...empty, ...value }];
    return [name, value === undefined ? empty : value];
  });
  return { tMs, source: 'nvml', ...Object.fromEntries(parts) } as TelemetrySample;
}

/** A context with a card that has this device and answers `call` by `answer`; everything else can be replaced. */
export function context(
  more: Partial<CheckContext> & { device?: Device; answer?: (method: string, params: never) => unknown } = {},
): CheckContext {
  const { device: own = device(), answer = () => ({}), ...rest } = more;
  const worker = { gone: null, call: async (method: string, params: never) => answer(method, params) };
  return {
    card: { device: own, worker } as unknown as Card,
    ...{ facts: facts(), telemetry: [], readTelemetry: async () => null, policy: DEFAULT_POLICY },
    ...{ level: 'quick', rehearsal: own.software, budgetMs: 1000, seed: 1, fault: null, earlier: [] },
    signal: new AbortController().signal,
    now: () => 0,
    progress: () => {},
    ...rest,
  };
}
