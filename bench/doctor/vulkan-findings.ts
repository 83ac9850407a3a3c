import type { Facts } from './facts.js';
import type { Finding } from './finding.js';
import { installLoader, installMesa, installNvidiaVulkan } from './remedies.js';

/** The loader, `libvulkan.so.1`. */
export function loaderFinding({ platform, vulkan, distribution, swiftShader, nvidiaDriver }: Facts): Finding[] {
  if (platform !== 'linux') return [];
  const base = { id: 'vulkan-loader', title: 'Vulkan loader' };
  if (vulkan.loader !== null) return [{ ...base, status: 'ok', detail: vulkan.loader, remedy: [] }];
  const spare = swiftShader.available ? '; the one that comes with SwiftShader is used instead' : '';
  const remedy = nvidiaDriver === null ? installMesa(distribution) : installLoader(distribution);
  return [{ ...base, status: 'warn', detail: `libvulkan.so.1 is not installed${spare}`, remedy }];
}

/** The drivers' manifests, and a card whose driver has no Vulkan part. */
export function manifestFindings(facts: Facts): Finding[] {
  if (facts.platform !== 'linux') return [];
  const { vulkan, distribution, nvidiaDriver, container, driverVariable } = facts;
  const findings: Finding[] = [];
  const base = { id: 'vulkan-drivers', title: 'Vulkan drivers' };
  const whole = vulkan.manifests.filter(({ library }) => library !== null);
  const names = whole.map(({ name }) => name).join(', ');
  if (whole.length > 0) findings.push({ ...base, status: 'ok', detail: names, remedy: [] });
  else if (driverVariable !== null) {
    const detail = `${driverVariable} is set, and none of its drivers can be used`;
    findings.push({ ...base, status: 'warn', detail, remedy: [`unset ${driverVariable}`] });
  } else
    findings.push({ ...base, status: 'warn', detail: 'no driver manifest found', remedy: installMesa(distribution) });
  for (const { file, libraryPath, library } of vulkan.manifests) {
    if (library !== null) continue;
    findings.push({
      ...base,
      status: 'warn',
      detail: `${file} names ${libraryPath}, which is not installed`,
      remedy: [],
    });
  }
  for (const { file, message } of vulkan.problems)
    findings.push({
      ...base,
      status: 'warn',
      detail: `${file} cannot be used: ${message.replace(/\s+/g, ' ')}`,
      remedy: [],
    });
  if (nvidiaDriver !== null && !whole.some(({ name, libraryPath }) => /nvidia/i.test(name + libraryPath))) {
    const detail = `NVIDIA's kernel driver ${nvidiaDriver} runs, but its Vulkan part is missing`;
    findings.push({
      ...base,
      status: 'fail',
      detail,
      remedy: installNvidiaVulkan(distribution, nvidiaDriver, container),
    });
  }
  return findings;
}

/** The adapter that needs no card. */
export function swiftShaderFinding({ platform, swiftShader }: Facts): Finding[] {
  if (platform !== 'linux') return [];
  const base = { id: 'swiftshader', title: 'SwiftShader fallback' };
  if (swiftShader.available)
    return [{ ...base, status: 'ok', detail: `${swiftShader.version}, ${swiftShader.directory}`, remedy: [] }];
  const remedy = swiftShader.reason.includes('not installed')
    ? ['npm install --no-save @sparticuz/chromium@147.0.0']
    : [];
  return [{ ...base, status: 'absent', detail: swiftShader.reason, remedy }];
}
