import { type CardReference, derived, type Figure, GIB, measured, spec, unverified } from './reference.js';

const TNANGEL = 'tnAnGel, HashCat-Benchmark';
const CHICK3NMAN = 'Chick3nman, hashcat benchmark gists';
const CALCBOT = 'miningcalcbot, supported_gpus';
const BUILDER = 'gamingpcbuilder, specification tables';
const DATASHEET = "NVIDIA's data sheet";

/** A multiprocessor has as many lanes for 32-bit integers as for floats, or half as many. */
const intLanes = (share: '1' | '1/2', generation: string, { value, status }: Figure): Figure => {
  const doubt = status === 'unverified' ? ', from an unverified figure' : '';
  const [divisor, many] = share === '1' ? [2, 'as many'] : [4, 'half as many'];
  return derived(
    value / divisor,
    `f32 flop/s ÷ ${divisor}: ${many} integer as float lanes (${generation}), a multiply-add being two operations${doubt}`,
  );
};
const halfLanes = (generation: string, f32: Figure) => intLanes('1/2', generation, f32);

const ampere = (f32: Figure) => ({ f32FlopPerSecond: f32, int32IopPerSecond: halfLanes('Ampere GA10x', f32) });

const geforce: readonly CardReference[] = [
  {
    ...{ id: 'rtx-3060', name: 'NVIDIA GeForce RTX 3060', aliases: [], vendor: 'nvidia' },
    ...{ pciIds: ['10de:2503', '10de:2504'], sharedPciIds: [] },
    vramBytes: spec(12 * GIB, BUILDER, { note: 'A version with 8 GiB and less bandwidth has the same name.' }),
    memoryBytesPerSecond: spec(360e9, BUILDER),
    ...ampere(spec(12.74e12, BUILDER)),
    f16MatrixFlopPerSecond: derived(51e12, 'f32 flop/s × 4, as on the other cards of the generation'),
    boardPowerWatts: spec(170, BUILDER),
    ethashHashesPerSecond: measured(37e6, CALCBOT),
    sha256HashesPerSecond: measured(3.4e9, TNANGEL),
    note: '10de:2504 is the version with a brake on Ethash (LHR).',
  },
  {
    ...{ id: 'rtx-3070', name: 'NVIDIA GeForce RTX 3070', aliases: [], vendor: 'nvidia' },
    ...{ pciIds: ['10de:2484', '10de:2488'], sharedPciIds: [] },
    vramBytes: spec(8 * GIB, BUILDER),
    memoryBytesPerSecond: spec(448e9, BUILDER),
    ...ampere(spec(20e12, BUILDER)),
    f16MatrixFlopPerSecond: spec(81e12, BUILDER),
    boardPowerWatts: spec(220, BUILDER),
    ethashHashesPerSecond: measured(59e6, CALCBOT),
    sha256HashesPerSecond: measured(4.8e9, TNANGEL),
    note: '10de:2488 is the version with a brake on Ethash (LHR).',
  },
  {
    ...{ id: 'rtx-3080', name: 'NVIDIA GeForce RTX 3080', aliases: [], vendor: 'nvidia' },
    ...{ pciIds: ['10de:2206', '10de:2216'], sharedPciIds: [] },
    vramBytes: spec(10 * GIB, BUILDER, { note: 'A version with 12 GiB and more lanes has the same name.' }),
    memoryBytesPerSecond: spec(760e9, BUILDER),
    ...ampere(spec(29.8e12, BUILDER)),
    f16MatrixFlopPerSecond: spec(119e12, BUILDER),
    boardPowerWatts: spec(320, BUILDER),
    ethashHashesPerSecond: measured(86e6, 'PC Gamer, stock settings; MiningCalculator, 97.9 MH/s at 224 W', {
      upTo: 97.9e6,
    }),
    sha256HashesPerSecond: measured(6.9e9, TNANGEL),
    note: '10de:2216 is the version with a brake on Ethash (LHR).',
  },
  {
    ...{ id: 'rtx-3090', name: 'NVIDIA GeForce RTX 3090', aliases: [], vendor: 'nvidia' },
    ...{ pciIds: ['10de:2204'], sharedPciIds: [] },
    vramBytes: spec(24 * GIB, BUILDER),
    memoryBytesPerSecond: spec(936e9, BUILDER),
    ...ampere(spec(35.6e12, BUILDER)),
    f16MatrixFlopPerSecond: spec(142e12, BUILDER, { note: 'With f16 sums; with f32 sums half.' }),
    boardPowerWatts: spec(350, BUILDER),
    ethashHashesPerSecond: measured(106e6, 'ethminer issue 2255', {
      upTo: 120e6,
      note: '120 MH/s with memory overclocked; memory junctions of 104 to 110 °C were seen.',
    }),
    sha256HashesPerSecond: measured(9.36e9, `analsec, hashcatbenchmark; ${CHICK3NMAN}, 9.71 GH/s`, { upTo: 9.71e9 }),
  },
  {
    ...{ id: 'rtx-4090', name: 'NVIDIA GeForce RTX 4090', aliases: [], vendor: 'nvidia' },
    ...{ pciIds: ['10de:2684'], sharedPciIds: [] },
    vramBytes: spec(24 * GIB, 'topcpu'),
    memoryBytesPerSecond: spec(1008e9, 'topcpu'),
    f32FlopPerSecond: spec(82.6e12, 'topcpu'),
    f16MatrixFlopPerSecond: spec(330e12, 'topcpu', { note: 'With f16 sums; with f32 sums half.' }),
    int32IopPerSecond: halfLanes('Ada', spec(82.6e12, 'topcpu')),
    boardPowerWatts: spec(450, 'topcpu'),
    ethashHashesPerSecond: measured(132e6, 'topcpu', { note: 'Etchash.' }),
    sha256HashesPerSecond: measured(21.98e9, CHICK3NMAN),
  },
  {
    ...{ id: 'gtx-1080-ti', name: 'NVIDIA GeForce GTX 1080 Ti', aliases: [], vendor: 'nvidia' },
    ...{ pciIds: ['10de:1b06'], sharedPciIds: [] },
    vramBytes: spec(11 * GIB, CALCBOT),
    memoryBytesPerSecond: unverified(484e9, 'commonly told'),
    f32FlopPerSecond: unverified(11.3e12, 'commonly told'),
    f16MatrixFlopPerSecond: null,
    int32IopPerSecond: intLanes('1', 'Pascal', unverified(11.3e12, 'commonly told')),
    boardPowerWatts: unverified(250, 'commonly told'),
    ethashHashesPerSecond: measured(39e6, CALCBOT),
    sha256HashesPerSecond: measured(4.4e9, TNANGEL),
    note: 'It has no matrix units.',
  },
];

const mining: readonly CardReference[] = [
  {
    ...{ id: 'cmp-170hx', name: 'NVIDIA CMP 170HX', aliases: [], vendor: 'nvidia' },
    // 10de:2082 is a version with 10 GiB, whose figures are not known here.
    ...{ pciIds: ['10de:20c2'], sharedPciIds: [] },
    vramBytes: spec(8 * GIB, 'fudzilla, CMP table'),
    memoryBytesPerSecond: spec(1493e9, 'fudzilla, CMP table'),
    f32FlopPerSecond: measured(0.39e12, 'niconiconi.neocities.org, CMP 170HX review', {
      note: 'Multiply-add is throttled; separate multiply and add reaches 6.25 TFLOP/s.',
    }),
    f16MatrixFlopPerSecond: measured(6.3e12, 'niconiconi.neocities.org, CMP 170HX review', {
      note: 'About 1/32 of what the chip can.',
    }),
    int32IopPerSecond: null,
    boardPowerWatts: spec(250, 'fudzilla, CMP table'),
    ethashHashesPerSecond: measured(164e6, 'fudzilla, CMP table; heise, 170 MH/s', { upTo: 170e6 }),
    sha256HashesPerSecond: measured(6.1e9, 'niconiconi.neocities.org, CMP 170HX review'),
    note: 'Made for mining alone.',
  },
  {
    ...{ id: 'cmp-90hx', name: 'NVIDIA CMP 90HX', aliases: [], vendor: 'nvidia' },
    ...{ pciIds: ['10de:220d'], sharedPciIds: [] },
    vramBytes: spec(10 * GIB, 'technical.city'),
    memoryBytesPerSecond: spec(760e9, 'technical.city'),
    f32FlopPerSecond: derived(
      21.9e12 / 8,
      'nominal 21.9 TFLOP/s (technical.city) ÷ 8, the throttle seen by ml-on-cmp',
      {
        note: 'dot4I8Packed is divided by 16.',
      },
    ),
    ...{ f16MatrixFlopPerSecond: null, int32IopPerSecond: null },
    boardPowerWatts: spec(320, 'technical.city'),
    ethashHashesPerSecond: measured(86e6, 'fudzilla, CMP table'),
    sha256HashesPerSecond: measured(5.9e9, 'ml-on-cmp'),
    note: 'Made for mining alone.',
  },
  {
    ...{ id: 'cmp-40hx', name: 'NVIDIA CMP 40HX', aliases: [], vendor: 'nvidia' },
    ...{ pciIds: ['10de:1f0b'], sharedPciIds: [] },
    vramBytes: spec(8 * GIB, 'TechPowerUp'),
    memoryBytesPerSecond: spec(448e9, 'TechPowerUp'),
    f32FlopPerSecond: derived(7.6e12, '2304 lanes × 2 × 1.65 GHz (TechPowerUp)'),
    f16MatrixFlopPerSecond: null,
    int32IopPerSecond: null,
    boardPowerWatts: spec(185, 'TechPowerUp'),
    ethashHashesPerSecond: measured(36e6, 'askgeek; rigel issue 108 and ava360, up to 43.5 MH/s', { upTo: 43.5e6 }),
    sha256HashesPerSecond: null,
    note: 'Made for mining alone; its matrix units cannot be used.',
  },
  {
    ...{ id: 'cmp-100-210', name: 'NVIDIA CMP 100-210', aliases: [], vendor: 'nvidia' },
    ...{ pciIds: ['10de:1d84', '10de:1df4'], sharedPciIds: [] },
    vramBytes: measured(16 * GIB, 'dev.to, haru-neo'),
    ...{ memoryBytesPerSecond: null, f32FlopPerSecond: null, f16MatrixFlopPerSecond: null, int32IopPerSecond: null },
    boardPowerWatts: measured(250, 'dev.to, haru-neo'),
    ...{ ethashHashesPerSecond: null, sha256HashesPerSecond: null },
    note: 'Made for mining alone: matrix units divided by 64, PCIe of generation 1 with one lane.',
  },
  {
    ...{ id: 'p106-100', name: 'NVIDIA P106-100', aliases: ['P106-100'], vendor: 'nvidia' },
    ...{ pciIds: ['10de:1c07'], sharedPciIds: [] },
    vramBytes: spec(6 * GIB, CALCBOT),
    memoryBytesPerSecond: unverified(192e9, 'commonly told'),
    f32FlopPerSecond: unverified(4.4e12, 'commonly told'),
    f16MatrixFlopPerSecond: null,
    int32IopPerSecond: intLanes('1', 'Pascal', unverified(4.4e12, 'commonly told')),
    boardPowerWatts: unverified(120, 'commonly told'),
    ethashHashesPerSecond: null,
    sha256HashesPerSecond: measured(1.4e9, TNANGEL),
    note: 'Made for mining alone; f16 at 1/64.',
  },
];

const datacentre: readonly CardReference[] = [
  {
    ...{ id: 'a40', name: 'NVIDIA A40', aliases: [], vendor: 'nvidia', pciIds: ['10de:2235'], sharedPciIds: [] },
    vramBytes: spec(48 * GIB, 'hmc-tech, A40 table'),
    memoryBytesPerSecond: spec(696e9, 'hmc-tech, A40 table'),
    ...ampere(spec(37.4e12, 'hmc-tech, A40 table')),
    f16MatrixFlopPerSecond: spec(149.7e12, 'hmc-tech, A40 table'),
    boardPowerWatts: spec(300, 'hmc-tech, A40 table'),
    ...{ ethashHashesPerSecond: null, sha256HashesPerSecond: null },
  },
  {
    ...{ id: 'a100-40gb', name: 'NVIDIA A100 40GB', vendor: 'nvidia' },
    ...{ aliases: ['NVIDIA A100-SXM4-40GB', 'NVIDIA A100-PCIE-40GB'] },
    ...{ pciIds: ['10de:20f1', '10de:20b0'], sharedPciIds: [] },
    vramBytes: spec(40 * GIB, DATASHEET),
    memoryBytesPerSecond: spec(1555e9, DATASHEET, { note: 'Measured elsewhere: 1293 GB/s (DCGM diag-skus).' }),
    f32FlopPerSecond: spec(19.5e12, DATASHEET),
    f16MatrixFlopPerSecond: spec(312e12, DATASHEET),
    int32IopPerSecond: intLanes('1', 'Ampere GA100', spec(19.5e12, DATASHEET)),
    boardPowerWatts: spec(250, DATASHEET, { upTo: 400, note: '250 W as PCIe, 400 W as SXM.' }),
    ethashHashesPerSecond: null,
    sha256HashesPerSecond: measured(9.4e9, TNANGEL),
  },
  {
    ...{ id: 'a100-80gb', name: 'NVIDIA A100 80GB', vendor: 'nvidia' },
    ...{ aliases: ['NVIDIA A100-SXM4-80GB', 'NVIDIA A100 80GB PCIe'] },
    ...{ pciIds: ['10de:20b5', '10de:20b2'], sharedPciIds: [] },
    vramBytes: spec(80 * GIB, DATASHEET),
    memoryBytesPerSecond: spec(2039e9, DATASHEET, {
      note: 'As SXM; measured elsewhere: 1564 GB/s (DCGM diag-skus).',
    }),
    f32FlopPerSecond: spec(19.5e12, DATASHEET),
    f16MatrixFlopPerSecond: spec(312e12, DATASHEET),
    int32IopPerSecond: intLanes('1', 'Ampere GA100', spec(19.5e12, DATASHEET)),
    boardPowerWatts: spec(300, DATASHEET, { upTo: 400, note: '300 W as PCIe, 400 W as SXM.' }),
    ethashHashesPerSecond: null,
    sha256HashesPerSecond: measured(9.5e9, TNANGEL),
  },
  {
    ...{ id: 'h100-pcie', name: 'NVIDIA H100 PCIe', aliases: [], vendor: 'nvidia' },
    ...{ pciIds: ['10de:2331'], sharedPciIds: [] },
    vramBytes: spec(80 * GIB, DATASHEET),
    memoryBytesPerSecond: unverified(2000e9, DATASHEET),
    f32FlopPerSecond: unverified(51e12, DATASHEET),
    f16MatrixFlopPerSecond: unverified(756e12, DATASHEET),
    int32IopPerSecond: halfLanes('Hopper', unverified(51e12, DATASHEET)),
    boardPowerWatts: unverified(350, DATASHEET),
    ethashHashesPerSecond: null,
    sha256HashesPerSecond: measured(12.2e9, CHICK3NMAN),
  },
  {
    ...{ id: 'h100-sxm', name: 'NVIDIA H100 SXM', aliases: ['NVIDIA H100 80GB HBM3'], vendor: 'nvidia' },
    ...{ pciIds: ['10de:2330'], sharedPciIds: [] },
    vramBytes: spec(80 * GIB, DATASHEET),
    memoryBytesPerSecond: unverified(3350e9, DATASHEET, { note: 'Measured elsewhere: 2540 GB/s (DCGM diag-skus).' }),
    f32FlopPerSecond: unverified(67e12, DATASHEET, {
      note: 'Measured elsewhere: 39 TFLOP/s in matrix multiplication (DCGM diag-skus).',
    }),
    f16MatrixFlopPerSecond: unverified(989e12, DATASHEET),
    int32IopPerSecond: halfLanes('Hopper', unverified(67e12, DATASHEET)),
    boardPowerWatts: unverified(700, DATASHEET),
    ethashHashesPerSecond: null,
    sha256HashesPerSecond: measured(16.2e9, CHICK3NMAN),
  },
  {
    ...{ id: 'h200', name: 'NVIDIA H200', aliases: [], vendor: 'nvidia', pciIds: ['10de:2335'], sharedPciIds: [] },
    vramBytes: spec(141 * GIB, DATASHEET),
    memoryBytesPerSecond: unverified(4800e9, DATASHEET, { note: 'Measured elsewhere: 3110 GB/s (DCGM diag-skus).' }),
    f32FlopPerSecond: unverified(67e12, DATASHEET, {
      note: 'Measured elsewhere: 50 TFLOP/s in matrix multiplication (DCGM diag-skus).',
    }),
    f16MatrixFlopPerSecond: unverified(989e12, DATASHEET),
    int32IopPerSecond: halfLanes('Hopper', unverified(67e12, DATASHEET)),
    boardPowerWatts: unverified(700, DATASHEET),
    ...{ ethashHashesPerSecond: null, sha256HashesPerSecond: null },
  },
];

export const nvidiaCards: readonly CardReference[] = [...geforce, ...mining, ...datacentre];
