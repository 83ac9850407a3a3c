import type { TreeDevice } from './tree.js';

/**
 * Cards as their drivers show them. Written by hand after the kernel's documentation (gpu/amdgpu/thermal.rst,
 * ABI/testing/sysfs-driver-intel-{i915,xe}-hwmon) and the drivers' own formats, not recorded: names, units and
 * endings of lines are theirs, the figures are made up.
 */
const display = { class: '0x030000\n' };
const link = (width: number, speed: string) => ({
  ...{ current_link_width: `${width}\n`, current_link_speed: `${speed}\n` },
  ...{ max_link_width: '16\n', max_link_speed: '16.0 GT/s PCIe\n' },
});
const aer = {
  aer_dev_correctable: 'RxErr 3\nBadTLP 1\nRollover 0\nTOTAL_ERR_COR 4\n',
  aer_dev_nonfatal: 'Undefined 0\nTOTAL_ERR_NONFATAL 1\n',
  aer_dev_fatal: 'Undefined 0\nTOTAL_ERR_FATAL 0\n',
};

/** `gpu_metrics` of layout 1.3 with a throttle status, all other fields filled with ones. */
export function gpuMetrics(status: bigint, size = 120, content = 3): Buffer {
  const table = Buffer.alloc(size, 0xff);
  table.writeUInt16LE(size, 0);
  table.writeUInt8(1, 2);
  table.writeUInt8(content, 3);
  if (size >= 120) table.writeBigUInt64LE(status, 112);
  return table;
}

/** RX 6800 XT behind its own switch, on an x1 riser: the chip's link says x16 all the same. */
export const navi21: TreeDevice = {
  path: 'pci0000:00/0000:00:03.1/0000:07:00.0/0000:08:00.0/0000:09:00.0',
  driver: 'amdgpu',
  files: {
    ...{ ...display, ...link(16, '16.0 GT/s PCIe'), ...aer },
    ...{ vendor: '0x1002\n', device: '0x73bf\n', subsystem_vendor: '0x148c\n', subsystem_device: '0x2408\n' },
    ...{ vbios_version: '113-D4120100-101\n', unique_id: 'c3e0a3d6b7c1f1aa\n', gpu_busy_percent: '99\n' },
    ...{ mem_busy_percent: '61\n', mem_info_vram_total: '17163091968\n', mem_info_vram_used: '1073741824\n' },
    ...{ pcie_replay_count: '12\n', gpu_metrics: gpuMetrics((1n << 0n) | (1n << 36n)) },
    'hwmon/hwmon4/name': 'amdgpu\n',
    'hwmon/hwmon4/power1_average': '254000000\n',
    'hwmon/hwmon4/power1_cap': '230000000\n',
    'hwmon/hwmon4/power1_cap_default': '255000000\n',
    ...{ 'hwmon/hwmon4/temp1_input': '71000\n', 'hwmon/hwmon4/temp1_label': 'edge\n' },
    ...{ 'hwmon/hwmon4/temp2_input': '93000\n', 'hwmon/hwmon4/temp2_label': 'junction\n' },
    ...{ 'hwmon/hwmon4/temp3_input': '84000\n', 'hwmon/hwmon4/temp3_label': 'mem\n' },
    ...{ 'hwmon/hwmon4/freq1_input': '2245000000\n', 'hwmon/hwmon4/freq1_label': 'sclk\n' },
    ...{ 'hwmon/hwmon4/freq2_input': '1000000000\n', 'hwmon/hwmon4/freq2_label': 'mclk\n' },
    ...{ 'hwmon/hwmon4/fan1_input': '1850\n', 'hwmon/hwmon4/pwm1': '128\n', 'hwmon/hwmon4/pwm1_max': '255\n' },
  },
};

/** RX 580 by an older kernel: one temperature without a label, clocks in tables only, no gpu_metrics. */
export const polaris: TreeDevice = {
  path: 'pci0000:00/0000:00:1c.0/0000:03:00.0',
  driver: 'amdgpu',
  files: {
    ...{ ...display, ...link(1, '5.0 GT/s PCIe') },
    ...{ vendor: '0x1002\n', device: '0x67df\n', vbios_version: '113-58085SHC1-W90\n' },
    pp_dpm_sclk: '0: 300Mhz \n1: 600Mhz \n2: 900Mhz \n3: 1145Mhz *\n',
    pp_dpm_mclk: '0: 300Mhz \n1: 1000Mhz \n2: 2000Mhz *\n',
    'hwmon/hwmon1/name': 'amdgpu\n',
    'hwmon/hwmon1/power1_average': '84123000\n',
    'hwmon/hwmon1/temp1_input': '66000\n',
    'hwmon/hwmon1/pwm1': '102\n',
  },
};

/** Vega 20 with ECC: counts of the memory controller, and the momentary power of newer drivers. */
export const vega20: TreeDevice = {
  path: 'pci0000:40/0000:40:01.1/0000:43:00.0',
  driver: 'amdgpu',
  files: {
    ...{ class: '0x038000\n', ...link(16, '8.0 GT/s PCIe') },
    ...{ vendor: '0x1002\n', device: '0x66a1\n', product_name: 'Radeon Instinct MI50\n' },
    'ras/umc_err_count': 'ue: 1\nce: 37\n',
    'hwmon/hwmon2/power1_input': '198000000\n',
  },
};

/** Arc A770 by i915: energy only. */
export const arcI915: TreeDevice = {
  path: 'pci0000:00/0000:00:01.0/0000:01:00.0/0000:02:01.0/0000:03:00.0',
  driver: 'i915',
  files: {
    ...{ ...display, ...link(1, '2.5 GT/s PCIe'), vendor: '0x8086\n', device: '0x56a0\n' },
    'hwmon/hwmon3/name': 'i915\n',
    'hwmon/hwmon3/energy1_input': '3000000000\n',
    'hwmon/hwmon3/power1_max': '190000000\n',
    'hwmon/hwmon3/power1_rated_max': '225000000\n',
    'hwmon/hwmon3/fan1_input': '1310\n',
    'drm/card1/gt/gt0/rps_act_freq_mhz': '2400\n',
    'drm/card1/gt/gt0/throttle_reason_status': '1\n',
    'drm/card1/gt/gt0/throttle_reason_pl1': '1\n',
    'drm/card1/gt/gt0/throttle_reason_thermal': '0\n',
    'drm/card1/gt/gt0/throttle_reason_vr_tdc': '1\n',
  },
};

/** Arc B580 by xe. */
export const arcXe: TreeDevice = {
  path: 'pci0000:00/0000:00:06.0/0000:01:00.0/0000:02:01.0/0000:03:00.0',
  driver: 'xe',
  files: {
    ...{ ...display, ...link(1, '2.5 GT/s PCIe'), vendor: '0x8086\n', device: '0xe20b\n' },
    'hwmon/hwmon5/name': 'xe\n',
    ...{ 'hwmon/hwmon5/energy1_label': 'card\n', 'hwmon/hwmon5/energy1_input': '7000000000\n' },
    ...{ 'hwmon/hwmon5/energy2_label': 'pkg\n', 'hwmon/hwmon5/energy2_input': '5000000000\n' },
    ...{ 'hwmon/hwmon5/power1_max': '0\n', 'hwmon/hwmon5/power2_max': '190000000\n' },
    ...{ 'hwmon/hwmon5/temp2_input': '61000\n', 'hwmon/hwmon5/temp2_label': 'pkg\n' },
    ...{ 'hwmon/hwmon5/temp3_input': '70000\n', 'hwmon/hwmon5/temp3_label': 'vram\n' },
    'tile0/gt0/freq0/act_freq': '2850\n',
    ...{ 'tile0/gt0/freq0/throttle/status': '0\n', 'tile0/gt0/freq0/throttle/reason_pl1': '0\n' },
  },
};

/** The graphics inside a processor of Intel's. */
export const integrated: TreeDevice = {
  path: 'pci0000:00/0000:00:02.0',
  driver: 'i915',
  files: { ...display, vendor: '0x8086\n', device: '0x4680\n', 'drm/card0/gt_act_freq_mhz': '300\n' },
};
