/**
 * What a card tells about itself while it works: power, heat, clocks, throttling, link, memory errors. One interface
 * over NVML, nvidia-smi, and the files of amdgpu, i915 and xe; `remoteTelemetry` runs it in a process that may hang
 * with the card, `Sampler` reads it once per second.
 */
export { deviceFacts, identityOf, withFacts } from './identity.js';
export { openTelemetry } from './open.js';
export { type RemoteOptions, type RemoteTelemetry, remoteTelemetry, telemetryOf } from './remote.js';
export { Sampler, type SamplerOptions, type TelemetryEvent } from './sampler.js';
export {
  type CardFacts,
  type CardIdentity,
  type Figures,
  missingFigures,
  type Telemetry,
  TelemetryLost,
  type TelemetryProblem,
  type TelemetryRoots,
} from './types.js';
