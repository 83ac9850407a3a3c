import type { AdapterReport, ListedAdapter } from '../../harness/environment/probe.js';
import { isLoadFailure, probeFindings } from './adapter-findings.js';
import { baselineFindings } from './baseline-findings.js';
import type { Facts } from './facts.js';
import type { Finding } from './finding.js';
import { upgradeSystem } from './remedies.js';
import { telemetryFindings } from './telemetry-findings.js';
import { loaderFinding, manifestFindings, swiftShaderFinding } from './vulkan-findings.js';

const supported = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64', 'win32-x64', 'win32-arm64'];

/** True when `version` is at least `needed`, number by number. */
export function atLeast(version: string, needed: string): boolean {
  const have = version.split('.').map(Number);
  for (const [i, wanted] of needed.split('.').map(Number).entries()) {
    const part = have[i] ?? 0;
    if (part !== wanted) return part > wanted;
  }
  return true;
}

function nodeFinding({ node }: Facts): Finding {
  const fits = atLeast(node, '20.19');
  return {
    id: 'node',
    title: 'Node.js',
    status: fits ? 'ok' : 'fail',
    detail: fits ? node : `${node}, but 20.19 or later is needed`,
    remedy: fits ? [] : ['nvm install 22 && nvm use 22'],
  };
}

function platformFinding({ platform, arch, distribution }: Facts): Finding {
  const fits = supported.includes(`${platform}-${arch}`);
  const where = platform === 'linux' ? `${distribution.name}, ${arch}` : `${platform}, ${arch}`;
  return {
    id: 'platform',
    title: 'Operating system',
    status: fits ? 'ok' : 'fail',
    detail: fits ? where : `${where}: Dawn's npm package has builds for ${supported.join(', ')} only`,
    remedy: [],
  };
}

function glibcFinding({ platform, glibc, distribution }: Facts): Finding[] {
  if (platform !== 'linux') return [];
  const base = { id: 'glibc', title: 'C library' };
  if (glibc === null)
    return [
      {
        ...base,
        status: 'fail',
        detail: 'not glibc; Dawn needs glibc 2.34 or later',
        remedy: upgradeSystem(distribution),
      },
    ];
  if (atLeast(glibc, '2.34')) return [{ ...base, status: 'ok', detail: `glibc ${glibc}`, remedy: [] }];
  const detail = `glibc ${glibc}, but Dawn needs 2.34 or later (Ubuntu 22.04, Debian 12). HiveOS images on Ubuntu 18.04 and 20.04 cannot load it`;
  return [{ ...base, status: 'fail', detail, remedy: upgradeSystem(distribution) }];
}

function dawnFinding({ webgpu, report }: Facts): Finding {
  const base = { id: 'webgpu', title: 'Dawn (npm webgpu)' };
  if (webgpu === null) return { ...base, status: 'fail', detail: 'not installed', remedy: ['npm ci'] };
  const refused = report.probed.map(({ result }) => result).find(isLoadFailure);
  if (refused?.status !== 'failed') return { ...base, status: 'ok', detail: `${webgpu} loads`, remedy: [] };
  return { ...base, status: 'fail', detail: `${webgpu} does not load: ${refused.message}`, remedy: ['npm ci'] };
}

function ownFindings({ ed25519, results }: Facts): Finding[] {
  return [
    {
      id: 'crypto',
      title: 'Signatures (Ed25519)',
      status: ed25519 ? 'ok' : 'warn',
      detail: ed25519 ? 'available' : "this Node's OpenSSL has no Ed25519, so certificates cannot be signed",
      remedy: ed25519 ? [] : ['nvm install 22 && nvm use 22'],
    },
    {
      id: 'results',
      title: 'Results folder',
      status: results.error === null ? 'ok' : 'fail',
      detail: results.error === null ? results.folder : `${results.folder} cannot be written: ${results.error}`,
      remedy: results.error === null ? [] : ['cd to a folder of your own, or give --out FOLDER'],
    },
  ];
}

/** Judges what was found, in the order in which it should be mended. */
export function judge(facts: Facts): Finding[] {
  const findings = [
    nodeFinding(facts),
    platformFinding(facts),
    ...glibcFinding(facts),
    dawnFinding(facts),
    ...loaderFinding(facts),
    ...manifestFindings(facts),
    ...probeFindings(facts),
    ...swiftShaderFinding(facts),
    ...telemetryFindings(facts),
    ...baselineFindings(facts),
    ...ownFindings(facts),
  ];
  // One gap shows in several places; the command that mends it is told at the first.
  const told = new Set<string>();
  return findings.map((finding) => {
    const remedy = finding.remedy.filter((command) => !told.has(command));
    for (const command of remedy) told.add(command);
    return { ...finding, remedy };
  });
}

/** The adapter that a run without `--device` takes; null when there is none. */
export function defaultAdapter({ adapters }: AdapterReport): ListedAdapter | null {
  return adapters.find(({ isDefault }) => isDefault) ?? null;
}
