import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { identityStep, underHypervisor } from '../../bench/qualify/checks/identity.js';
import { outcomeOf } from '../../reports/card-status/finding.js';
import { type Claimed, judgeIdentity, type Told } from '../../reports/card-status/identity.js';
import { DEFAULT_IDENTITY } from '../../reports/card-status/policy.js';
import { type CardReference, type CardTraits, cards, cardTraits, chipOf } from '../../reports/cards/index.js';
import { context, device, facts } from './card-context.js';

const GIB = 2 ** 30;
const traitsOf = (card: CardReference) => cardTraits[card.id] as CardTraits;

/** What a genuine card of a model says. */
function genuine(card: CardReference, more: { claimed?: Partial<Claimed>; told?: Partial<Told> } = {}) {
  const traits = traitsOf(card);
  const claimed: Claimed = {
    ...{ name: card.name, vendor: card.vendor, architecture: traits.architectures[0] ?? '', description: '' },
    software: false,
    ...more.claimed,
  };
  const told: Told = {
    name: card.vendor === 'nvidia' ? card.name : null,
    pciId: card.pciIds[0] ?? card.sharedPciIds[0] ?? null,
    subsystemId: '1458:4043',
    vbios: traits.vbios === null ? '113-58085SHC1-W90' : `${traits.vbios}02.26.48.0a`,
    vramBytes: card.vramBytes?.value ?? null,
    linkMax: { generation: traits.linkGeneration?.value ?? null, width: traits.linkWidth?.value ?? null },
    ...more.told,
  };
  return judge(claimed, told);
}

const judge = (claimed: Claimed, told: Told, virtualMachine: boolean | null = false) =>
  outcomeOf(judgeIdentity({ claimed, told, virtualMachine }, DEFAULT_IDENTITY));
const codes = ({ reasons }: { reasons: { code: string }[] }) => reasons.map(({ code }) => code);
const card = (id: string) => cards.find((one) => one.id === id) as CardReference;

describe('card traits', () => {
  test('every card of the reference has them, in range, and none is of another', () => {
    expect(Object.keys(cardTraits).sort()).toEqual(cards.map(({ id }) => id).sort());
    for (const one of cards) {
      const { linkGeneration, linkWidth, otherVramBytes, chips } = traitsOf(one);
      if (linkGeneration) expect([1, 2, 3, 4, 5, 6]).toContain(linkGeneration.value);
      if (linkWidth) expect([1, 2, 4, 8, 16]).toContain(linkWidth.value);
      for (const figure of [linkGeneration, linkWidth, ...otherVramBytes])
        if (figure) expect(figure.source.trim()).not.toBe('');
      // Two lists by two hands: the ids of the model, and the chips of id ranges.
      for (const id of one.pciIds) if (id.startsWith('10de:')) expect(chips).toContain(chipOf(id));
    }
  });
});

describe('genuine cards', () => {
  // ECC inside GDDR takes a sixteenth; drivers keep a little.
  const shares = [1, 0.985, 0.9375];
  const variants = cards.flatMap((one) =>
    [...one.pciIds, ...one.sharedPciIds].flatMap((pciId) =>
      [one.name, ...one.aliases].flatMap((name) => shares.map((share) => ({ one, pciId, name, share }))),
    ),
  );
  test('are enough to say something', () => expect(variants.length).toBeGreaterThan(50));

  test.each(variants.map((v) => [v.one.id, v.name, v.pciId, v.share, v.one] as const))(
    '%s as %s, %s, with %d of its memory',
    (_, name, pciId, share, one) => {
      const vramBytes = one.vramBytes && one.vramBytes.value * share;
      const outcome = genuine(one, { claimed: { name }, told: { name, pciId, vramBytes } });
      const mining = traitsOf(one).miningOnly;
      const shared = one.sharedPciIds.includes(pciId);
      expect(codes(outcome)).toEqual([
        ...(mining ? ['identity-mining-only'] : []),
        ...(shared ? ['identity-shared-id'] : []),
      ]);
      expect(outcome.status).toBe(mining ? 'warn' : 'pass');
    },
  );

  test.each(cards.map((one) => [one.id, one] as const))('%s that tells little more than its id', (_, one) => {
    const outcome = genuine(one, {
      claimed: { architecture: '' },
      told: { name: null, subsystemId: null, vbios: null, linkMax: { generation: null, width: null } },
    });
    expect(['pass', 'warn']).toContain(outcome.status);
    expect(codes(outcome).filter((code) => !/mining-only|shared-id/.test(code))).toEqual([]);
  });
});

describe('cards that are not what they say', () => {
  const pairs = cards.flatMap((claim) => cards.filter((real) => real !== claim).map((real) => [claim, real] as const));
  test.each(pairs.map(([claim, real]) => [claim.name, real.name, claim, real] as const))(
    '%s is the name, %s the id',
    (_name, _real, claim, real) => {
      const pciId = real.pciIds[0] ?? real.sharedPciIds[0] ?? null;
      const outcome = genuine(claim, { told: { pciId } });
      expect(outcome.status).toBe('fail');
      expect(codes(outcome)).toContain(real.pciIds.length > 0 ? 'identity-name-mismatch' : 'identity-chip-mismatch');
    },
  );

  test.each(cards.map((one) => [one.name, one] as const))('%s with half its memory', (_, one) => {
    const outcome = genuine(one, { told: { vramBytes: (one.vramBytes?.value ?? 0) / 2 } });
    const version = traitsOf(one).otherVramBytes.some(({ value }) => value === (one.vramBytes?.value ?? 0) / 2);
    expect(codes(outcome)).toContain(version ? 'identity-other-version' : 'identity-vram');
    expect(outcome.status).toBe(version ? 'warn' : 'fail');
  });

  const rtx3090 = card('rtx-3090');
  test.each([
    [
      'a chip of a lesser model under an id that no list has',
      { told: { pciId: '10de:2507' } },
      'fail',
      'identity-chip-mismatch',
    ],
    ['another vendor', { claimed: { vendor: 'amd' } }, 'fail', 'identity-vendor-mismatch'],
    ['an older architecture', { claimed: { architecture: 'pascal' } }, 'fail', 'identity-architecture'],
    ['the VBIOS of an older generation', { told: { vbios: '86.04.50.00.64' } }, 'warn', 'identity-vbios'],
    ['more memory than it can have', { told: { vramBytes: 48 * GIB } }, 'fail', 'identity-vram'],
    ['12 of 24 GiB', { told: { vramBytes: 12 * GIB } }, 'fail', 'identity-vram'],
    ['two names', { told: { name: 'NVIDIA GeForce RTX 3080', pciId: null } }, 'fail', 'identity-name-mismatch'],
    ['an id of nobody', { told: { pciId: '10de:ffff' } }, 'warn', 'identity-id-unlisted'],
    ['another id of the right chip', { told: { pciId: '10de:2230' } }, 'pass', 'identity-id-unlisted'],
    ['a mining card that no reference has', { told: { pciId: '10de:1e09' } }, 'fail', 'identity-mining-only'],
  ] as const)('a 3090 with %s', (_, more, status, code) => {
    const outcome = genuine(rtx3090, more);
    expect(codes(outcome)).toContain(code);
    expect(outcome.status).toBe(status);
  });

  test('a mining card whose board was changed for sixteen lanes', () => {
    const outcome = genuine(card('cmp-100-210'), { told: { linkMax: { generation: 3, width: 16 } } });
    expect(codes(outcome)).toEqual(['identity-link-modified', 'identity-mining-only']);
  });

  test('a card without matrix units that has them', () => {
    const units = [{ componentType: 'f16', resultComponentType: 'f32', M: 16, N: 16, K: 16 }];
    const outcome = genuine(card('gtx-1080-ti'), { claimed: { subgroupMatrixConfigs: units } });
    expect(codes(outcome)).toEqual(['identity-architecture']);
  });
});

describe('what cannot be known', () => {
  const nothing: Told = {
    ...{ name: null, pciId: null, subsystemId: null, vbios: null, vramBytes: null },
    linkMax: { generation: null, width: null },
  };

  test('without telemetry it is inconclusive, and what contradicts itself fails all the same', () => {
    const outcome = judge(device(), nothing);
    expect([outcome.status, codes(outcome)]).toEqual(['inconclusive', ['no-telemetry']]);
    expect(judge(device({ architecture: 'turing' }), nothing).status).toBe('fail');
  });

  test('a model that no reference has is inconclusive, by policy a note', () => {
    const told = { ...nothing, pciId: '10de:1f08', vramBytes: 6 * GIB };
    const claimed = device({ name: 'NVIDIA GeForce RTX 2060', architecture: 'turing' });
    expect(judge(claimed, told)).toMatchObject({
      status: 'inconclusive',
      reasons: [{ code: 'identity-unknown-model' }],
    });
    const lenient = { ...DEFAULT_IDENTITY, knownModelOnly: false };
    expect(outcomeOf(judgeIdentity({ claimed, told, virtualMachine: null }, lenient)).status).toBe('pass');
  });

  test('a driver without a name for it says nothing wrong; another name is told', () => {
    const nameless = { claimed: { name: 'NVIDIA Graphics Device' }, told: { name: null } };
    expect(genuine(card('rtx-3090'), nameless)).toMatchObject({
      status: 'pass',
      reasons: [{ code: 'identity-name-unlisted' }],
    });
    const rare = { claimed: { name: 'NVIDIA GeForce RTX 3090 Ti' }, told: { name: 'NVIDIA GeForce RTX 3090 Ti' } };
    expect(genuine(card('rtx-3090'), rare)).toMatchObject({
      status: 'warn',
      reasons: [{ code: 'identity-name-unlisted' }],
    });
  });

  test.each([
    'GRID A100X-8C',
    'NVIDIA A40-8Q',
    'NVIDIA A100-SXM4-40GB MIG 1g.5gb',
    'Virtio-GPU Venus (NVIDIA GeForce RTX 3090)',
  ])('%s is a share', (name) =>
    expect(judge(device({ name }), facts())).toMatchObject({
      status: 'inconclusive',
      reasons: [{ code: 'identity-virtual' }],
    }),
  );
  test('virtual graphics by its vendor', () => {
    expect(judge(device(), { ...facts(), pciId: '1af4:1050' }).reasons[0]?.code).toBe('identity-virtual');
  });

  test('a whole card inside a virtual machine is told', () => {
    expect(judge(device(), facts(), true)).toMatchObject({
      status: 'pass',
      reasons: [{ code: 'identity-passthrough' }],
    });
  });

  test('the hypervisor’s flag', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'assay-')), 'cpuinfo');
    const told = (text: string) => {
      writeFileSync(file, text);
      return underHypervisor(file);
    };
    expect(told('processor\t: 0\nflags\t\t: fpu vme hypervisor lahf_lm\n')).toBe(true);
    expect(told('flags\t\t: fpu vme hypervisor\n')).toBe(true);
    expect(told('flags\t\t: fpu vme lahf_lm\n')).toBe(false);
    expect(told('Features\t: fp asimd\n')).toBe(null);
    expect(underHypervisor(`${file}-absent`)).toBe(null);
  });
});

describe('the check', () => {
  test('passes a genuine card and skips a program', async () => {
    const outcome = await identityStep.run(context());
    expect(outcome.reasons.filter(({ code }) => code !== 'identity-passthrough')).toEqual([]);
    expect(outcome).toMatchObject({
      status: 'pass',
      figures: { vramBytes: 24 * GIB },
      evidence: { model: 'rtx-3090', boardMaker: 'Gigabyte', chip: 'GA102' },
    });
    const software = await identityStep.run(context({ device: device({ name: 'llvmpipe', software: true }) }));
    expect(software).toMatchObject({ status: 'skipped', reasons: [{ code: 'rehearsal' }] });
  });
});
