import { type CardReference, derived, GIB, measured, spec } from './reference.js';

const CALCBOT = 'miningcalcbot, supported_gpus';

export const amdCards: readonly CardReference[] = [
  {
    ...{ id: 'rx-580', name: 'AMD Radeon RX 580', aliases: ['AMD Radeon RX 580 Series'], vendor: 'amd' },
    // 1002:67df is also the RX 470, 480 and 570; 1002:6fdf is a version with fewer lanes.
    ...{ pciIds: [], sharedPciIds: ['1002:67df'] },
    vramBytes: spec(8 * GIB, 'hwcompare', { note: 'A version with 4 GiB has the same name.' }),
    memoryBytesPerSecond: spec(256e9, 'hwcompare'),
    f32FlopPerSecond: derived(6.2e12, '2304 lanes × 2 × 1.34 GHz (hwcompare)'),
    ...{ f16MatrixFlopPerSecond: null, int32IopPerSecond: null },
    boardPowerWatts: spec(185, 'hwcompare'),
    ethashHashesPerSecond: measured(34e6, CALCBOT),
    sha256HashesPerSecond: measured(1.67e9, 'analsec, hashcatbenchmark', { note: 'A figure of 0.84 GH/s exists too.' }),
    note: 'Many have a modified BIOS.',
  },
  {
    ...{ id: 'rx-6800-xt', name: 'AMD Radeon RX 6800 XT', aliases: [], vendor: 'amd' },
    // Several cards with Navi 21 have this id.
    ...{ pciIds: [], sharedPciIds: ['1002:73bf'] },
    vramBytes: spec(16 * GIB, 'fpsbench'),
    memoryBytesPerSecond: spec(512e9, 'fpsbench'),
    f32FlopPerSecond: spec(20.74e12, 'fpsbench'),
    f16MatrixFlopPerSecond: null,
    int32IopPerSecond: null,
    boardPowerWatts: spec(300, 'fpsbench'),
    ethashHashesPerSecond: measured(54e6, `${CALCBOT}; bigpick, barelycompetent`),
    sha256HashesPerSecond: measured(8.8e9, 'bigpick, barelycompetent'),
    note: 'It has no matrix units; packed f16 reaches 41.5 TFLOP/s by its specification.',
  },
];
