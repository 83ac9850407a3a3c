/** The exact commands that mend a gap, for the system at hand. */

export interface Distribution {
  /** `ID` of /etc/os-release, e.g. `debian`; empty when there is none. */
  readonly id: string;
  /** `ID_LIKE`, split. */
  readonly like: readonly string[];
  /** `VERSION_ID`, e.g. `12`. */
  readonly version: string;
  readonly name: string;
  readonly root: boolean;
  /** apt's sources are in the newer format, in debian.sources. */
  readonly deb822: boolean;
}

/** Reads /etc/os-release. */
export function parseOsRelease(text: string): Pick<Distribution, 'id' | 'like' | 'version' | 'name'> {
  const fields = new Map<string, string>();
  for (const match of text.matchAll(/^([A-Z_]+)=(.*)$/gm)) {
    fields.set(match[1] ?? '', (match[2] ?? '').replace(/^(["'])(.*)\1$/, '$2'));
  }
  return {
    id: fields.get('ID') ?? '',
    like: (fields.get('ID_LIKE') ?? '').split(' ').filter((word) => word !== ''),
    version: fields.get('VERSION_ID') ?? '',
    name: fields.get('PRETTY_NAME') ?? fields.get('NAME') ?? 'Linux',
  };
}

type Family = 'debian-12' | 'apt' | 'dnf' | 'pacman' | 'zypper' | 'other';

function familyOf({ id, like, version }: Distribution): Family {
  if (id === 'debian' && version === '12') return 'debian-12';
  const names = [id, ...like];
  if (names.includes('debian') || names.includes('ubuntu')) return 'apt';
  if (names.includes('fedora') || names.includes('rhel')) return 'dnf';
  if (names.includes('arch')) return 'pacman';
  if (names.includes('suse') || names.includes('opensuse')) return 'zypper';
  return 'other';
}

function privileged(command: string, distribution: Distribution): string {
  return distribution.root ? command : `sudo ${command}`;
}

/** Debian 12's own Mesa is too old for Dawn; the mirror is taken from the machine's own sources. */
function backports(distribution: Distribution): string[] {
  const folder = '/etc/apt/sources.list.d';
  const stanza = distribution.deb822
    ? `awk 'BEGIN { RS = "" } !/security/ { print; exit }' ${folder}/debian.sources | sed 's/^Suites:.*/Suites: bookworm-backports/'`
    : `sed -nE 's/^(deb .*) bookworm (.*)$/\\1 bookworm-backports \\2/p' /etc/apt/sources.list`;
  const file = `${folder}/bookworm-backports.${distribution.deb822 ? 'sources' : 'list'}`;
  return [
    `${stanza} | ${privileged(`tee ${file}`, distribution)}`,
    privileged('apt-get update', distribution),
    privileged(
      'apt-get install -y --no-install-recommends -t bookworm-backports mesa-vulkan-drivers libvulkan1',
      distribution,
    ),
  ];
}

function install(distribution: Distribution, packages: Record<Exclude<Family, 'debian-12'>, string>): string[] {
  const family = familyOf(distribution);
  switch (family) {
    case 'debian-12':
    case 'apt':
      return [
        privileged('apt-get update', distribution),
        privileged(`apt-get install -y --no-install-recommends ${packages.apt}`, distribution),
      ];
    case 'dnf':
      return [privileged(`dnf install -y ${packages.dnf}`, distribution)];
    case 'pacman':
      return [privileged(`pacman -S --needed --noconfirm ${packages.pacman}`, distribution)];
    case 'zypper':
      return [privileged(`zypper install -y ${packages.zypper}`, distribution)];
    case 'other':
      return [packages.other];
  }
}

/** Installs the Vulkan loader alone. */
export function installLoader(distribution: Distribution): string[] {
  return install(distribution, {
    apt: 'libvulkan1',
    dnf: 'vulkan-loader',
    pacman: 'vulkan-icd-loader',
    zypper: 'libvulkan1',
    other: "install your distribution's Vulkan loader (libvulkan.so.1)",
  });
}

/** Installs Mesa's Vulkan drivers: AMD's, Intel's and the software one that Dawn accepts. */
export function installMesa(distribution: Distribution): string[] {
  if (familyOf(distribution) === 'debian-12') return backports(distribution);
  return install(distribution, {
    apt: 'mesa-vulkan-drivers libvulkan1',
    dnf: 'mesa-vulkan-drivers vulkan-loader',
    pacman: 'vulkan-swrast vulkan-radeon vulkan-intel vulkan-icd-loader',
    zypper: 'libvulkan_lvp libvulkan_radeon libvulkan_intel libvulkan1',
    other: "install your distribution's Mesa Vulkan drivers, version 23.1 or later",
  });
}

/**
 * Installs the part of NVIDIA's driver that speaks Vulkan, for the kernel driver that already runs.
 * @param driver version of the kernel driver, e.g. `535.183.01`
 */
export function installNvidiaVulkan(distribution: Distribution, driver: string, container: boolean): string[] {
  if (container) return ['docker run --gpus all -e NVIDIA_DRIVER_CAPABILITIES=all …   (start the container again so)'];
  const apt = distribution.id === 'debian' ? 'nvidia-vulkan-icd' : `libnvidia-gl-${driver.split('.')[0]}`;
  return install(distribution, {
    apt,
    dnf: 'xorg-x11-drv-nvidia-libs',
    pacman: 'nvidia-utils',
    zypper: 'nvidia-gl-G06',
    other: `install the graphics libraries of NVIDIA's driver ${driver} (its installer without --no-opengl-files)`,
  });
}

/** Installs a browser that prints pages without a display. */
export function installChromium(distribution: Distribution): string[] {
  // Ubuntu's package of that name is a stub for a snap.
  return install(distribution, {
    apt: distribution.id === 'ubuntu' ? 'chromium-browser' : 'chromium',
    dnf: 'chromium-headless',
    pacman: 'chromium',
    zypper: 'chromium',
    other: 'install Chromium or Google Chrome',
  });
}

/** Installs the part of NVIDIA's driver that tells power, heat and clocks, for the kernel driver that already runs. */
export function installNvidiaTelemetry(distribution: Distribution, driver: string, container: boolean): string[] {
  if (container) return ['docker run --gpus all -e NVIDIA_DRIVER_CAPABILITIES=all …   (start the container again so)'];
  return install(distribution, {
    apt: distribution.id === 'debian' ? 'libnvidia-ml1' : `libnvidia-compute-${driver.split('.')[0]}`,
    dnf: 'xorg-x11-drv-nvidia-cuda-libs',
    pacman: 'nvidia-utils',
    zypper: 'nvidia-compute-G06',
    other: `install libnvidia-ml.so.1 of NVIDIA's driver ${driver}`,
  });
}

/** For systems whose C library is older than Dawn's. */
export function upgradeSystem(distribution: Distribution): string[] {
  if (distribution.id === 'ubuntu') return [privileged('do-release-upgrade', distribution)];
  return ['install Ubuntu 22.04, Debian 12 or later'];
}
