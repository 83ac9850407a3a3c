import { type Figure, GIB, measured, spec, unverified } from './reference.js';

/** What tells a model from one that only says it is it. */
export interface CardTraits {
  /** Chips that the model is made with; empty where its maker's ids do not tell chips. */
  readonly chips: readonly string[];
  /** Dawn's words for its architecture; Dawn takes them from the device id, by masks. */
  readonly architectures: readonly string[];
  /** What its VBIOS version begins with; null where that has no such form. */
  readonly vbios: string | null;
  readonly miningOnly: boolean;
  /** ECC is on unless somebody turned it off. */
  readonly eccByDefault: boolean;
  /** Other amounts of memory under the same name. */
  readonly otherVramBytes: readonly Figure[];
  /** The board's own link; null where it is not known. */
  readonly linkGeneration: Figure | null;
  readonly linkWidth: Figure | null;
}

const COMMON = 'commonly told';
const link = (generation: number, width: number, as: typeof spec, source: string) => ({
  ...{ linkGeneration: as(generation, source), linkWidth: as(width, source) },
});
const plain = { miningOnly: false, eccByDefault: false, otherVramBytes: [] };

/** VBIOS versions begin with the chip's generation (TechPowerUp's collection of VBIOSes). */
const pascal = { architectures: ['pascal'], vbios: '86.' };
const volta = { architectures: ['pascal', 'volta'], vbios: '88.' };
const turing = { architectures: ['turing'], vbios: '90.' };
const ampere = { architectures: ['ampere'], vbios: '94.' };
const ga100 = { architectures: ['ampere'], vbios: '92.' };
const lovelace = { architectures: ['lovelace'], vbios: '95.' };
const hopper = { architectures: ['hopper'], vbios: '96.' };

const geforce30 = (...chips: string[]) => ({ ...plain, ...ampere, chips, ...link(4, 16, unverified, COMMON) });
const mining = { ...plain, miningOnly: true };
const a100 = { ...plain, ...ga100, eccByDefault: true, chips: ['GA100'], ...link(4, 16, unverified, COMMON) };
const h100 = { ...plain, ...hopper, eccByDefault: true, chips: ['GH100'], ...link(5, 16, unverified, COMMON) };

/** By the card reference's id. */
export const cardTraits: Readonly<Record<string, CardTraits>> = {
  'rtx-3060': {
    ...geforce30('GA106', 'GA104'),
    otherVramBytes: [spec(8 * GIB, 'gamingpcbuilder, specification tables')],
  },
  'rtx-3070': geforce30('GA104'),
  'rtx-3080': { ...geforce30('GA102'), otherVramBytes: [spec(12 * GIB, 'gamingpcbuilder, specification tables')] },
  'rtx-3090': geforce30('GA102'),
  'rtx-4090': { ...plain, ...lovelace, chips: ['AD102'], ...link(4, 16, unverified, COMMON) },
  'gtx-1080-ti': { ...plain, ...pascal, chips: ['GP102'], ...link(3, 16, unverified, COMMON) },
  'cmp-170hx': {
    ...{ ...mining, ...ga100, chips: ['GA100'] },
    ...link(1, 4, measured, 'niconiconi.neocities.org, CMP 170HX review'),
    otherVramBytes: [unverified(10 * GIB, 'PCI id database, 10de:2082')],
  },
  'cmp-90hx': { ...mining, ...ampere, chips: ['GA102'], linkGeneration: null, linkWidth: null },
  'cmp-40hx': { ...mining, ...turing, chips: ['TU106'], ...link(1, 4, unverified, COMMON) },
  'cmp-100-210': { ...mining, ...volta, chips: ['GV100'], ...link(1, 1, measured, 'dev.to, haru-neo') },
  'p106-100': { ...mining, ...pascal, chips: ['GP106'], ...link(1, 4, unverified, COMMON) },
  a40: { ...plain, ...ampere, chips: ['GA102'], eccByDefault: true, ...link(4, 16, spec, 'hmc-tech, A40 table') },
  'a100-40gb': a100,
  'a100-80gb': a100,
  'h100-pcie': h100,
  'h100-sxm': h100,
  h200: h100,
  'rx-580': {
    ...{ ...plain, chips: [], architectures: ['gcn-4'], vbios: null },
    ...link(3, 16, unverified, COMMON),
    otherVramBytes: [spec(4 * GIB, 'hwcompare')],
  },
  'rx-6800-xt': {
    ...{ ...plain, chips: [], architectures: ['rdna-2'], vbios: null },
    ...link(4, 16, unverified, COMMON),
  },
};
