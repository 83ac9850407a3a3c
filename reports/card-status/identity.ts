import {
  boardMakerOf,
  type CardReference,
  type CardTraits,
  cardNamed,
  cards,
  cardTraits,
  chipOf,
  miningModelOf,
} from '../cards/index.js';
import type { Device } from '../schema.js';
import { formatBytes } from '../units.js';
import { type Finding, finding, type Judged } from './finding.js';
import type { IdentityPolicy } from './policy.js';

/** What the adapter says of itself, through Dawn. */
export type Claimed = Pick<Device, 'name' | 'vendor' | 'architecture' | 'description' | 'software'> &
  Partial<Pick<Device, 'subgroupMatrixConfigs'>>;

/** What telemetry says of the card; null where it says nothing. */
export interface Told {
  readonly name: string | null;
  readonly pciId: string | null;
  readonly subsystemId: string | null;
  readonly vbios: string | null;
  readonly vramBytes: number | null;
  readonly linkMax: { readonly generation: number | null; readonly width: number | null };
}

export interface IdentityFacts {
  readonly claimed: Claimed;
  readonly told: Told;
  /** The processor says that it runs under a hypervisor; null when that is not known. */
  readonly virtualMachine: boolean | null;
}

/** Dawn's words for vendors, and their PCI ids. */
const VENDORS: Readonly<Record<string, string>> = { nvidia: '10de', amd: '1002', intel: '8086' };
/** PCI vendors of virtual graphics: virtio, VMware, Bochs/QEMU, Red Hat. */
const VIRTUAL_VENDORS: readonly string[] = ['1af4', '15ad', '1234', '1b36'];
/** `NVIDIA A40-8Q` and `GRID …` are shares, as are MIG instances; Venus and virtio are virtual adapters. */
const VIRTUAL_NAME = /\bGRID\b|\bvGPU\b|-\d+[QCAB]$|\bMIG \d+g\.|\bvirtio\b|\bVirtio-GPU\b|\bVenus\b/i;
/** Names under which a driver hides that it knows none. */
const NAMELESS = /^(?:NVIDIA |AMD )?(?:Graphics Device|Device [0-9a-f]{4}|GPU|Radeon(?: Graphics)?)$/i;

/** The model that the card would be: by an id of its own, else by its names. */
function modelOf(
  pciId: string | null,
  names: readonly string[],
): { card: CardReference; by: 'pci-id' | 'name' } | null {
  const own = cards.find((card) => pciId !== null && card.pciIds.includes(pciId));
  if (own) return { card: own, by: 'pci-id' };
  const named = names.map(cardNamed).find((card) => card !== null);
  return named ? { card: named, by: 'name' } : null;
}

/**
 * Is the card what it says? Everything that it says is held against everything else and against the reference of the
 * model. Whatever the card itself tells can be forged together; then memory and rates must give it away.
 */
export function judgeIdentity({ claimed, told, virtualMachine }: IdentityFacts, policy: IdentityPolicy): Judged {
  const pciId = told.pciId?.toLowerCase() ?? null;
  const names = [claimed.name, ...(told.name === null ? [] : [told.name])];
  const model = modelOf(pciId, names);
  const figures = {
    vramBytes: told.vramBytes,
    vramReferenceBytes: model?.card.vramBytes?.value ?? null,
    linkMaxGeneration: told.linkMax.generation,
    linkMaxWidth: told.linkMax.width,
  };
  const evidence = {
    ...{ model: model?.card.id ?? null, recognisedBy: model?.by ?? null },
    ...{ names, pciId, subsystemId: told.subsystemId, boardMaker: boardMakerOf(told.subsystemId) },
    ...{ chip: pciId === null ? null : chipOf(pciId), vbios: told.vbios, architecture: claimed.architecture },
  };
  if (claimed.software)
    return { findings: [finding('note', 'rehearsal', `${claimed.name} is a program`)], figures, evidence };
  const virtual = virtualSign(pciId, names, claimed);
  if (virtual !== null) return { findings: [finding('inconclusive', 'identity-virtual', virtual)], figures, evidence };
  const findings = [
    ...telemetryFindings(told),
    ...vendorFindings(claimed, pciId),
    ...nameFindings(names, pciId, policy),
    ...(model ? modelFindings(model.card, claimed, told, policy) : []),
    ...miningFindings(pciId, claimed.name),
    ...(virtualMachine
      ? [finding('note', 'identity-passthrough', 'the processor says that a hypervisor runs it')]
      : []),
  ];
  return { findings, figures, evidence };
}

function virtualSign(pciId: string | null, names: readonly string[], { description }: Claimed): string | null {
  const vendor = pciId?.split(':')[0] ?? '';
  if (VIRTUAL_VENDORS.includes(vendor)) return `its PCI vendor is ${vendor}`;
  const name = [...names, description].find((one) => VIRTUAL_NAME.test(one));
  return name === undefined ? null : `it is called ${name}`;
}

/** Without an id nothing but names can be compared, which anybody can give. */
function telemetryFindings({ pciId, vramBytes }: Told): Finding[] {
  const missing = [...(pciId === null ? ['its PCI id'] : []), ...(vramBytes === null ? ['its memory’s size'] : [])];
  if (missing.length === 0) return [];
  return [finding('inconclusive', 'no-telemetry', `${missing.join(' and ')} cannot be read`)];
}

function vendorFindings({ vendor }: Claimed, pciId: string | null): Finding[] {
  const expected = VENDORS[vendor.toLowerCase()];
  if (pciId === null || expected === undefined || pciId.startsWith(`${expected}:`)) return [];
  return [finding('fail', 'identity-vendor-mismatch', `the driver says ${vendor}, the PCI id is ${pciId}`)];
}

function nameFindings(names: readonly string[], pciId: string | null, policy: IdentityPolicy): Finding[] {
  const spoken = names.filter((name) => !NAMELESS.test(name.trim()));
  const named = spoken.map((name) => ({ name, card: cardNamed(name) }));
  const known = named.filter((one): one is { name: string; card: CardReference } => one.card !== null);
  const byId = cards.find((card) => pciId !== null && card.pciIds.includes(pciId));
  const sharing = cards.filter((card) => pciId !== null && card.sharedPciIds.includes(pciId));
  const other = known.find(({ card }) => card.id !== (byId ?? known[0]?.card)?.id);
  if (other) {
    const what = byId ? `PCI id ${pciId} is of ${byId.name}` : `it is also called ${known[0]?.name}`;
    return [finding('fail', 'identity-name-mismatch', `it is called ${other.name}, and ${what}`)];
  }
  if (known[0]) return byId ? [] : idFindings(known[0].card, pciId, sharing);
  if (byId) {
    const detail = `PCI id ${pciId} is of ${byId.name}; the driver calls it ${spoken.join(', ') || 'nothing'}`;
    const mining = miningModelOf(pciId, '') !== null;
    // A driver without a name for it claims nothing; a name of another kind may be a forgery or a rare alias.
    return [finding(spoken.length === 0 || mining ? 'note' : 'warn', 'identity-name-unlisted', detail)];
  }
  const detail = `neither the name ${names.join(', ')} nor the PCI id ${pciId ?? '(not known)'} is in the reference`;
  return [finding(policy.knownModelOnly ? 'inconclusive' : 'note', 'identity-unknown-model', detail)];
}

/** A known name whose id is not one that the model alone has. */
function idFindings(card: CardReference, pciId: string | null, sharing: readonly CardReference[]): Finding[] {
  if (pciId === null) return [];
  if (sharing.some(({ id }) => id === card.id))
    return [finding('note', 'identity-shared-id', `PCI id ${pciId} is of ${card.name} and of others`)];
  const [chip, chips] = [chipOf(pciId), cardTraits[card.id]?.chips ?? []];
  const detail = `it is called ${card.name}, whose PCI ids are ${[...card.pciIds, ...card.sharedPciIds].join(', ')}, and its id is ${pciId}`;
  if (sharing.length > 0 || (chip !== null && chips.length > 0 && !chips.includes(chip)))
    return [finding('fail', 'identity-chip-mismatch', `${detail}${chip === null ? '' : `, of the chip ${chip}`}`)];
  // The right chip under an id that the list lacks is the likelier case.
  return [finding(chip === null ? 'warn' : 'note', 'identity-id-unlisted', detail)];
}

function modelFindings(card: CardReference, claimed: Claimed, told: Told, policy: IdentityPolicy): Finding[] {
  const traits = cardTraits[card.id] as CardTraits;
  const findings: Finding[] = [];
  const { architecture, subgroupMatrixConfigs } = claimed;
  if (architecture !== '' && !traits.architectures.includes(architecture.toLowerCase()))
    findings.push(
      finding('fail', 'identity-architecture', `${architecture}, and ${card.name} is ${traits.architectures}`),
    );
  else if (
    traits.architectures.includes('pascal') &&
    traits.architectures.length === 1 &&
    subgroupMatrixConfigs?.length
  )
    findings.push(finding('fail', 'identity-architecture', `it has matrix units, and ${card.name} has none`));
  // NVIDIA's versions are five pairs of digits, the first of which is the chip's generation.
  if (traits.vbios !== null && /^\d\d\.\w\w\./.test(told.vbios ?? '') && !told.vbios?.startsWith(traits.vbios))
    findings.push(finding('warn', 'identity-vbios', `${told.vbios}; of ${card.name} it begins with ${traits.vbios}`));
  const { generation, width } = told.linkMax;
  const above = (value: number | null, own: CardTraits['linkWidth']) =>
    value !== null && own !== null && value > own.value;
  if (above(width, traits.linkWidth) || above(generation, traits.linkGeneration))
    findings.push(
      finding(
        'warn',
        'identity-link-modified',
        `it says generation ${generation}, ${width} lanes; ${card.name} has generation ${traits.linkGeneration?.value}, ${traits.linkWidth?.value} lanes (${traits.linkWidth?.status})`,
      ),
    );
  return [...findings, ...vramFindings(card, traits, told.vramBytes, policy)];
}

function vramFindings(
  card: CardReference,
  traits: CardTraits,
  vramBytes: number | null,
  { vramShortfall, vramExcess }: IdentityPolicy,
): Finding[] {
  if (vramBytes === null || card.vramBytes === null) return [];
  const fits = (own: number) => vramBytes >= own * (1 - vramShortfall) && vramBytes <= own * (1 + vramExcess);
  if (fits(card.vramBytes.value)) return [];
  const detail = `${formatBytes(vramBytes)} told, ${card.name} has ${formatBytes(card.vramBytes.value)}`;
  if (traits.otherVramBytes.some(({ value }) => fits(value)))
    return [finding('warn', 'identity-other-version', detail)];
  return [finding('fail', 'identity-vram', `${detail} (${card.vramBytes.source})`)];
}

function miningFindings(pciId: string | null, name: string): Finding[] {
  const model = miningModelOf(pciId, name);
  return model === null ? [] : [finding('warn', 'identity-mining-only', `${model}`)];
}
