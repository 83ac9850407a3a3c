import type { AdapterInfo } from '../../harness/environment/adapter-info.js';
import type { Candidate } from '../../harness/environment/candidates.js';
import type { ProbedCandidate } from '../../harness/environment/probe.js';

export function fakeAdapter(changes: Partial<AdapterInfo> = {}): AdapterInfo {
  return {
    name: 'NVIDIA GeForce RTX 3090',
    backend: 'vulkan',
    vendor: 'nvidia',
    architecture: 'ampere',
    device: 'nvidia-geforce-rtx-3090',
    description: 'NVIDIA: 535.183.01',
    isFallbackAdapter: false,
    subgroupMinSize: 32,
    subgroupMaxSize: 32,
    features: ['shader-f16', 'subgroups', 'timestamp-query'],
    limits: {
      maxStorageBufferBindingSize: 2147483644,
      maxBufferSize: 4294967296,
      maxComputeWorkgroupStorageSize: 49152,
    },
    subgroupMatrixConfigs: null,
    ...changes,
  };
}

export const lavapipe = fakeAdapter({
  name: 'llvmpipe (LLVM 15.0.6, 256 bits)',
  vendor: 'mesa',
  architecture: 'software',
  device: 'llvmpipe-llvm-15-0-6-256-bits-',
  description: 'llvmpipe: Mesa 25.0.7',
  isFallbackAdapter: true,
  subgroupMinSize: 8,
  subgroupMaxSize: 8,
});

export const swiftShaderAdapter = fakeAdapter({
  name: 'SwiftShader Device (Subzero)',
  vendor: 'google',
  architecture: 'swiftshader',
  device: 'swiftshader-device-subzero-',
  description: 'SwiftShader driver 5.0.0',
  isFallbackAdapter: true,
  subgroupMinSize: 4,
  subgroupMaxSize: 4,
  features: ['subgroups', 'timestamp-query'],
});

const systemCandidate: Candidate = { id: 'system', description: "the system's Vulkan", env: {} };
const npmCandidate: Candidate = { id: 'swiftshader', description: 'SwiftShader from npm', env: {} };

/** A probe of a candidate that found these adapters. */
export function probed(id: Candidate['id'], adapters: AdapterInfo[], hidden: string[] = [], log = ''): ProbedCandidate {
  const candidate = id === 'system' ? systemCandidate : npmCandidate;
  return { candidate, result: { status: 'ok', adapters, hidden, log } };
}
