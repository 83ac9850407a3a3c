import pc from 'picocolors';
import { expect, test } from 'vitest';
import { renderDevices } from '../../bench/commands/devices.js';
import { diagnose, doctorReport, renderDoctor } from '../../bench/commands/doctor.js';
import type { Facts } from '../../bench/doctor/facts.js';
import { atLeast } from '../../bench/doctor/findings.js';
import { type Distribution, parseOsRelease } from '../../bench/doctor/remedies.js';
import { mergeAdapters, type ProbeResult } from '../../harness/environment/probe.js';
import { fakeAdapter, lavapipe, probed, swiftShaderAdapter } from './adapter-fixtures.js';

const plain = pc.createColors(false);
const card = fakeAdapter();
const debian: Distribution = {
  id: 'debian',
  like: [],
  version: '12',
  name: 'Debian GNU/Linux 12 (bookworm)',
  root: true,
  deb822: true,
};
const ubuntu: Distribution = {
  ...debian,
  id: 'ubuntu',
  like: ['debian'],
  version: '24.04',
  name: 'Ubuntu 24.04',
  root: false,
};

function reportOf(...list: Parameters<typeof mergeAdapters>[0]): Facts['report'] {
  return { ...mergeAdapters(list), probed: list, drivers: [] };
}

const noAdapter = reportOf(probed('system', []));

function facts(changes: Partial<Facts> = {}): Facts {
  return {
    node: '20.20.2',
    platform: 'linux',
    arch: 'x64',
    glibc: '2.36',
    distribution: debian,
    webgpu: '0.6.2',
    vulkan: {
      loader: '/usr/lib/libvulkan.so.1',
      manifests: [
        {
          file: '/etc/vulkan/icd.d/nvidia_icd.json',
          name: 'nvidia_icd',
          libraryPath: 'libGLX_nvidia.so.0',
          library: '/usr/lib/libGLX_nvidia.so.0',
          searched: true,
        },
      ],
      problems: [],
    },
    driverVariable: null,
    report: reportOf(probed('system', [card]), probed('swiftshader', [swiftShaderAdapter])),
    swiftShader: {
      available: true,
      version: '147.0.0',
      directory: '/c',
      icd: '/c/i.json',
      loader: '/c/libvulkan.so.1',
    },
    nvidiaDriver: '535.183.01',
    container: false,
    onnxRuntime: { version: '1.30.0', providers: ['cpu', 'webgpu', 'cuda'], error: null },
    tfjsWebgpu: '4.22.0',
    tfjsNodeGpu: null,
    telemetry: [{ adapter: card.name, source: 'nvml', busAddress: '0000:01:00.0', missing: [], problems: [] }],
    ed25519: true,
    results: { folder: '/home/u/results', error: null },
    ...changes,
  };
}

const finding = (changes: Partial<Facts>, id: string) => diagnose(facts(changes)).findings.filter((it) => it.id === id);
const commands = (changes: Partial<Facts>) => diagnose(facts(changes)).findings.flatMap(({ remedy }) => remedy);
const lastLine = (changes: Partial<Facts>) =>
  renderDoctor(diagnose(facts(changes)), plain)
    .trimEnd()
    .split('\n')
    .at(-1) ?? '';
const failed = (code: 'crashed' | 'hung' | 'not-loaded', message: string): ProbeResult => ({
  status: 'failed',
  code,
  message,
  log: '',
});

test('a machine with a card is ready, and needs nothing', () => {
  const report = diagnose(facts());
  expect(doctorReport.parse(report)).toEqual(report);
  expect(report).toMatchObject({ usable: true, adapter: { name: card.name, software: false } });
  expect(report.findings.filter(({ status }) => status === 'fail' || status === 'warn')).toEqual([]);
  expect(lastLine({})).toBe('Ready: NVIDIA GeForce RTX 3090, a hardware adapter.');
});

test('every line says its status in words', () => {
  const text = renderDoctor(diagnose(facts({ results: { folder: '/r', error: 'EACCES' } })), plain);
  expect(text).toMatch(/✓ ok {6}Node\.js/);
  expect(text).toMatch(/- absent {2}Baseline TensorFlow/);
  expect(text).toMatch(/✗ fail {4}Results folder/);
});

test('a software adapter alone is usable, and the last line says what it is', () => {
  expect(diagnose(facts({ report: reportOf(probed('system', [lavapipe])) })).usable).toBe(true);
  expect(lastLine({ report: reportOf(probed('system', [lavapipe])) })).toContain('software adapter only');
});

test('an old C library is named with what HiveOS users need to know', () => {
  const report = reportOf({ ...probed('system', []), result: failed('not-loaded', "version `GLIBC_2.34' not found") });
  const changes = { glibc: '2.31', distribution: { ...ubuntu, version: '20.04' }, report };
  expect(finding(changes, 'glibc')[0]).toMatchObject({ status: 'fail', remedy: ['sudo do-release-upgrade'] });
  expect(finding(changes, 'glibc')[0]?.detail).toContain('HiveOS images on Ubuntu 18.04 and 20.04 cannot load it');
  expect(finding(changes, 'webgpu')[0]).toMatchObject({
    status: 'fail',
    detail: expect.stringContaining('GLIBC_2.34'),
  });
  expect(diagnose(facts(changes)).usable).toBe(false);
});

test('no adapter on Debian 12 gives the backports recipe, each command once', () => {
  const changes = {
    report: noAdapter,
    nvidiaDriver: null,
    vulkan: { loader: null, manifests: [], problems: [] },
    swiftShader: { available: false, reason: 'the npm package @sparticuz/chromium is not installed' } as const,
  };
  const list = commands(changes);
  expect(list[0]).toContain('bookworm-backports.sources');
  expect(list).toContain(
    'apt-get install -y --no-install-recommends -t bookworm-backports mesa-vulkan-drivers libvulkan1',
  );
  expect(list).toContain('npm install --no-save @sparticuz/chromium@147.0.0');
  expect(new Set(list).size).toBe(list.length);
  expect(lastLine(changes)).toMatch(/^Not ready: no adapter/);
});

test.each([
  [ubuntu, 'sudo apt-get install -y --no-install-recommends mesa-vulkan-drivers libvulkan1'],
  [{ ...ubuntu, id: 'fedora', like: [] }, 'sudo dnf install -y mesa-vulkan-drivers vulkan-loader'],
  [{ ...ubuntu, id: 'rocky', like: ['rhel', 'fedora'] }, 'sudo dnf install -y mesa-vulkan-drivers vulkan-loader'],
  [
    { ...ubuntu, id: 'arch', like: [] },
    'sudo pacman -S --needed --noconfirm vulkan-swrast vulkan-radeon vulkan-intel vulkan-icd-loader',
  ],
  [
    { ...debian, deb822: false },
    "sed -nE 's/^(deb .*) bookworm (.*)$/\\1 bookworm-backports \\2/p' /etc/apt/sources.list | tee /etc/apt/sources.list.d/bookworm-backports.list",
  ],
  [{ ...ubuntu, id: 'nixos', like: [] }, "install your distribution's Mesa Vulkan drivers, version 23.1 or later"],
])('the commands fit the distribution: $id', (distribution, command) => {
  expect(
    commands({
      distribution,
      report: noAdapter,
      vulkan: { loader: null, manifests: [], problems: [] },
      nvidiaDriver: null,
    }),
  ).toContain(command);
});

test('what a refused driver said is repeated', () => {
  const log =
    'Warning: maxX artificially reduced from 2 to 1\nWarning: Vulkan shaderUniform*ArrayDynamicIndexing required.\n    at Initialize (x.cpp:1)\n';
  expect(finding({ report: reportOf(probed('system', [], [], log)) }, 'adapter')[0]?.detail).toBe(
    "the system's Vulkan offers no adapter (Vulkan shaderUniform*ArrayDynamicIndexing required.)",
  );
});

test('a variable that names no usable driver is to be unset, before anything is installed', () => {
  const vulkan = { loader: '/usr/lib/libvulkan.so.1', manifests: [], problems: [] };
  const changes = { vulkan, report: noAdapter, driverVariable: 'VK_DRIVER_FILES', nvidiaDriver: null } as const;
  expect(commands(changes)[0]).toBe('unset VK_DRIVER_FILES');
});

test('an NVIDIA card whose driver has no Vulkan part gets the command for its place', () => {
  const vulkan = { loader: '/usr/lib/libvulkan.so.1', manifests: [], problems: [] };
  const changes = { vulkan, report: noAdapter, distribution: ubuntu };
  expect(commands(changes)).toContain('sudo apt-get install -y --no-install-recommends libnvidia-gl-535');
  expect(commands({ ...changes, container: true }).some((it) => it.includes('NVIDIA_DRIVER_CAPABILITIES=all'))).toBe(
    true,
  );
});

test('when the drivers together crash, the sound ones are named for use alone', () => {
  const manifest = { file: '/good.json', name: 'good', libraryPath: 'good.so', library: '/good.so', searched: true };
  const system = { ...probed('system', []), result: failed('crashed', 'ended by SIGSEGV') };
  const report = {
    ...reportOf(system),
    drivers: [
      { manifest, result: probed('system', [lavapipe]).result },
      { manifest: { ...manifest, file: '/bad.json' }, result: failed('crashed', 'ended by SIGSEGV') },
    ],
  };
  expect(commands({ report })).toContain('export VK_DRIVER_FILES=/good.json');
});

test('cards of one name are owned up to', () => {
  const report = reportOf(probed('system', [card], [card.name]));
  expect(finding({ report }, 'adapter')[1]).toMatchObject({
    status: 'warn',
    detail: expect.stringContaining(card.name),
  });
});

test('an old Node, a missing package and a broken baseline are told with their commands', () => {
  expect(finding({ node: '18.20.0' }, 'node')[0]).toMatchObject({ status: 'fail' });
  expect(finding({ webgpu: null }, 'webgpu')[0]).toMatchObject({ status: 'fail', remedy: ['npm ci'] });
  const onnxRuntime = { version: '1.30.0', providers: null, error: 'Error: wrong ELF class' };
  expect(finding({ onnxRuntime }, 'onnxruntime-node')[0]).toMatchObject({
    status: 'warn',
    detail: expect.stringContaining('wrong ELF class'),
  });
});

test('off Linux nothing is said about glibc and Vulkan files', () => {
  const ids = diagnose(facts({ platform: 'win32', glibc: null })).findings.map(({ id }) => id);
  for (const id of ['glibc', 'vulkan-loader', 'vulkan-drivers', 'swiftshader']) expect(ids).not.toContain(id);
});

test.each([
  ['2.34', '2.34', true],
  ['2.9', '2.34', false],
  ['3', '2.34', true],
  ['20.18.3', '20.19', false],
  ['22.0.0', '20.19', true],
])('version %s at least %s is %s', (version, needed, expected) => expect(atLeast(version, needed)).toBe(expected));

test('os-release is read with and without quotes', () => {
  const text = 'ID=rocky\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.4"\nPRETTY_NAME=\'Rocky Linux 9.4\'\n';
  expect(parseOsRelease(text)).toEqual({
    id: 'rocky',
    like: ['rhel', 'centos', 'fedora'],
    version: '9.4',
    name: 'Rocky Linux 9.4',
  });
  expect(parseOsRelease('').id).toBe('');
});

test('devices lists kind, limits and how to choose', () => {
  const text = renderDevices(
    mergeAdapters([probed('system', [card]), probed('swiftshader', [swiftShaderAdapter])]),
    plain,
  );
  expect(text).toContain('0  NVIDIA GeForce RTX 3090  (hardware, the default)');
  expect(text).toContain('storage binding 2 GiB, buffer 4 GiB, workgroup memory 48 KiB, unknown invocations');
  expect(text).toContain('--device "SwiftShader Device (Subzero)"');
  expect(text).toContain('(software)');
  expect(renderDevices({ adapters: [], hidden: [] })).toContain('assay doctor');
});

test('TensorFlow.js is there, or the command that brings it is told', () => {
  expect(finding({}, 'tfjs-webgpu')[0]).toMatchObject({ status: 'ok', detail: 'tfjs-backend-webgpu 4.22.0' });
  expect(finding({ tfjsWebgpu: null }, 'tfjs-webgpu')[0]).toMatchObject({
    status: 'absent',
    remedy: ['npm install --no-save @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-backend-webgpu@4.22.0'],
  });
});

test('telemetry: its source and what it lacks; where it is missing, why and what mends it', () => {
  const standing = { adapter: card.name, source: 'nvml' as const, busAddress: null, missing: [], problems: [] };
  expect(finding({}, 'telemetry')).toMatchObject([{ status: 'ok', detail: `${card.name}: nvml`, remedy: [] }]);
  const lacking = { ...standing, missing: ['temperatureC.hotspot'] };
  expect(finding({ telemetry: [lacking] }, 'telemetry')[0]?.detail).toContain('without temperatureC.hotspot');
  const denied = { code: 'permission' as const, detail: 'power may not be read', remedy: 'sudo chmod a+r power' };
  expect(finding({ telemetry: [{ ...standing, problems: [denied] }] }, 'telemetry')[0]).toMatchObject({
    ...{ status: 'warn', detail: expect.stringContaining('power may not be read'), remedy: ['sudo chmod a+r power'] },
  });
  const missing = { code: 'library-missing' as const, detail: 'libnvidia-ml.so.1 cannot be used', remedy: null };
  const none = [{ ...standing, source: null, problems: [missing] }];
  expect(finding({ telemetry: none }, 'telemetry')[0]).toMatchObject({
    ...{ status: 'warn', detail: expect.stringContaining('none: libnvidia-ml.so.1 cannot be used') },
    remedy: ['apt-get update', 'apt-get install -y --no-install-recommends libnvidia-ml1'],
  });
  expect(finding({ telemetry: none, distribution: ubuntu }, 'telemetry')[0]?.remedy.at(-1)).toContain(
    'libnvidia-compute-535',
  );
  expect(finding({ telemetry: none, container: true }, 'telemetry')[0]?.remedy[0]).toContain('docker run');
  expect(finding({ telemetry: [] }, 'telemetry')).toEqual([]);
});

test('devices shows the telemetry of the card that has some', () => {
  const { adapters } = mergeAdapters([probed('system', [card, lavapipe])]);
  const standing = { adapter: card.name, source: 'nvml' as const, busAddress: null, missing: [], problems: [] };
  const text = renderDevices({ adapters, hidden: [] }, plain, [standing]);
  expect(text.match(/^ {3}telemetry .*$/gm)).toEqual(['   telemetry nvml']);
});
