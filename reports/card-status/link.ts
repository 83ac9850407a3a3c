import type { CardTraits } from '../cards/index.js';
import { median } from '../statistics/index.js';
import type { TelemetrySample } from '../telemetry.js';
import { formatSi } from '../units.js';
import { type Finding, finding, type Judged } from './finding.js';
import type { LinkPolicy } from './policy.js';

export const WAYS = ['upload', 'readback', 'duplex'] as const;
export type Way = (typeof WAYS)[number];

/** The link at one moment under load. */
export interface LinkReading {
  /** Index of the round during which it was read. */
  readonly round: number;
  readonly generation: number | null;
  readonly width: number | null;
}

export interface LinkFacts {
  readonly software: boolean;
  /** Round by round, bytes per second of its fastest transfer; `duplex` counts both ways. Rounds take turns. */
  readonly rates: Readonly<Record<Way, readonly number[]>>;
  readonly readings: readonly LinkReading[];
  /** Counters before the first transfer and after the last; null without telemetry. */
  readonly before: TelemetrySample['pcie'] | null;
  readonly after: TelemetrySample['pcie'] | null;
  readonly bytesMoved: number;
  readonly linkMax: { readonly generation: number | null; readonly width: number | null };
  /** The driver's maximum counts the slot in: NVIDIA's does, the one of the card's own port does not. */
  readonly maxCountsSlot: boolean;
  readonly traits: CardTraits | null;
  /** What was wrong with data that arrived. */
  readonly wrong: readonly string[];
  /** Why a way was not measured. */
  readonly unmeasured: readonly string[];
  /** There was telemetry, and it does not answer any more. */
  readonly telemetryLost: boolean;
}

/** Raw bytes per second of one lane, line coding taken off (PCI Express base specification; 6 is without FLIT). */
const LANE: Readonly<Record<number, number>> = {
  ...{ 1: 0.25e9, 2: 0.5e9, 3: (8e9 / 8) * (128 / 130), 4: (16e9 / 8) * (128 / 130), 5: (32e9 / 8) * (128 / 130) },
  6: 64e9 / 8,
};

/** A rate's median after the moment at which it fell most, and by how much; rounds on either side at least. */
const LEAST_SIDE = 3;
/** A program's copies share the processor with others: what would be a drop of a link happens there by itself. */
const SOFTWARE_SLACK = 1.4;

export interface Drop {
  /** Rounds before it. */
  readonly at: number;
  /** How many times faster the slow half of the rounds before is than the fast half of those after. */
  readonly ratio: number;
}

/**
 * The moment from which a series stays lower. What comes before is taken at its lower quartile and what comes after
 * at its upper, so that single slow rounds make no drop and a late recovery unmakes one.
 */
export function dropOf(rates: readonly number[]): Drop | null {
  let best: (Drop & { readonly means: number }) | null = null;
  for (let at = LEAST_SIDE; at <= rates.length - LEAST_SIDE; at++) {
    const sorted = (part: readonly number[]) => [...part].sort((a, b) => a - b);
    const mean = (part: readonly number[]) => part.reduce((sum, value) => sum + value, 0) / part.length;
    const [before, after] = [sorted(rates.slice(0, at)), sorted(rates.slice(at))];
    const low = before[Math.floor(before.length / 4)] as number;
    const high = after[Math.ceil((3 * after.length) / 4) - 1] as number;
    if (high <= 0) continue;
    // Quartiles stay the same when a round changes sides; means do not.
    const candidate = { at, ratio: low / high, means: mean(before) / mean(after) };
    const better = best === null || candidate.ratio > best.ratio;
    if (better || (candidate.ratio === best?.ratio && candidate.means > best.means)) best = candidate;
  }
  return best && { at: best.at, ratio: best.ratio };
}

const medianOf = (values: readonly number[]) => (values.length > 0 ? median(values) : null);
const highest = (values: readonly (number | null)[]) => {
  const known = values.filter((value) => value !== null);
  return known.length > 0 ? Math.max(...known) : null;
};

/** What the link is under load. An idle card lowers it, and raises it late: the highest that was read counts. */
function underLoad(readings: readonly LinkReading[]): { generation: number | null; width: number | null } {
  return { generation: highest(readings.map((r) => r.generation)), width: highest(readings.map((r) => r.width)) };
}

const grown = (before: number | null | undefined, after: number | null | undefined) =>
  before == null || after == null ? null : after - before;

/** What the link carries, what it is under load, and whether it keeps what it begins with. */
export function judgeLink(facts: LinkFacts, policy: LinkPolicy): Judged {
  const { readings, traits, linkMax, before, after, bytesMoved, software } = facts;
  const load = underLoad(readings);
  const rate = (way: Way) => medianOf(facts.rates[way]);
  const lane = load.generation === null ? null : (LANE[load.generation] ?? null);
  const raw = lane === null || load.width === null ? null : lane * load.width;
  const oneWay = [rate('upload'), rate('readback')].filter((value) => value !== null);
  const slower = oneWay.length === 2 ? Math.min(...oneWay) : null;
  const replays = grown(before?.replays, after?.replays);
  const corrected = grown(before?.correctable, after?.correctable);
  const uncorrected = grown(before?.uncorrectable, after?.uncorrectable);
  const figures = {
    ...{ uploadBytesPerSecond: rate('upload'), readbackBytesPerSecond: rate('readback') },
    ...{ bothWaysBytesPerSecond: rate('duplex'), bytesMoved, rawBytesPerSecond: raw },
    ...{ generation: load.generation, width: load.width },
    ...{ generationMax: linkMax.generation, widthMax: linkMax.width },
    ...{ replays, correctableErrors: corrected, uncorrectableErrors: uncorrected },
  };
  const findings: Finding[] = [
    ...facts.wrong.map((detail) => finding('fail', 'link-data-wrong', detail)),
    ...facts.unmeasured.map((detail) => finding('inconclusive', 'link-unknown', detail)),
    ...dropFindings(facts, policy),
    ...(software ? [finding('note', 'rehearsal', 'copies in the host’s own memory')] : []),
  ];
  if (!software) {
    findings.push(...widthFindings(load, linkMax, traits));
    findings.push(...generationFindings(load, facts));
    findings.push(...rateFindings(slower, raw, policy));
    findings.push(...counterFindings({ replays, corrected, uncorrected }, bytesMoved, policy));
    if (facts.telemetryLost) findings.push(finding('inconclusive', 'telemetry-lost', 'no reading under load'));
    else if (load.width === null) {
      // A fast link is a wide one, whatever tells it; a slow one may have many reasons.
      const fast = slower !== null && slower >= policy.marketplaceBytesPerSecond;
      const detail = 'generation and width of the link are not told';
      findings.push(finding(fast ? 'note' : 'inconclusive', 'no-telemetry', detail));
    }
  }
  const riser = software ? 'a program has no link' : riserVerdict(load, slower, findings, traits);
  return { findings, figures, evidence: { riser, rates: facts.rates, readings } };
}

/** In words, as a buyer asks it. */
function riserVerdict(
  load: ReturnType<typeof underLoad>,
  slower: number | null,
  findings: readonly Finding[],
  traits: CardTraits | null,
): string {
  const has = (code: Finding['code']) => findings.some((one) => one.code === code);
  if (has('link-riser')) return 'one lane: it is on a riser, or in a slot with one lane';
  if (load.width === 1) return 'one lane, as the model has: a riser cannot be told';
  if (has('link-narrow')) return `${load.width} lanes: a narrow slot, a bad contact or a riser`;
  if (has('link-old-generation') || has('link-replays')) return 'enough lanes, and a poor connection: perhaps a riser';
  if (load.width !== null) return `${load.width} lanes under load: no sign of a riser`;
  // Two lanes of the fourth generation, or one of the fifth, are the least that carries so much.
  if (slower !== null && slower > 2 * (LANE[3] as number))
    return 'faster than a riser with one lane of generation 4 can be';
  return `cannot be told without telemetry${traits?.miningOnly ? '; the model’s own link is slow' : ''}`;
}

function widthFindings(
  load: ReturnType<typeof underLoad>,
  linkMax: LinkFacts['linkMax'],
  traits: CardTraits | null,
): Finding[] {
  const own = traits?.linkWidth?.value ?? null;
  // The driver may count the slot into its maximum: then only the model tells what is missing.
  const could = highest([linkMax.width, own]);
  const bound = own === null ? could : own;
  if (load.width === null || bound === null || load.width >= bound) {
    // Nothing tells what it could be, and one lane is what risers have.
    const unknown = load.width === 1 && own === null;
    return unknown ? [finding('warn', 'link-riser', 'one lane under load')] : [];
  }
  const detail = `${load.width} of ${bound} lanes under load`;
  if (load.width === 1) return [finding('warn', 'link-riser', detail)];
  const slotIsFull = linkMax.width !== null && load.width >= linkMax.width;
  // Eight lanes are what boards with two slots give: the slot's own width is not the card's fault.
  const weight = slotIsFull && load.width >= 8 ? 'note' : 'warn';
  return [
    finding(weight, 'link-narrow', slotIsFull ? `${detail}, as many as the slot and the card agreed on` : detail),
  ];
}

function generationFindings(
  load: ReturnType<typeof underLoad>,
  { linkMax, maxCountsSlot, traits }: LinkFacts,
): Finding[] {
  const own = traits?.linkGeneration?.value ?? null;
  const told = linkMax.generation;
  const bound = told === null || own === null ? (told ?? own) : Math.min(told, own);
  if (load.generation === null || bound === null || load.generation >= bound) return [];
  // A card's own port says nothing of an older slot; generation 1 is below every slot of the last fifteen years.
  const blame = (maxCountsSlot && told !== null) || load.generation === 1;
  const detail = `generation ${load.generation} of ${bound} under load`;
  return [finding(blame ? 'warn' : 'note', 'link-old-generation', detail)];
}

function rateFindings(slower: number | null, raw: number | null, policy: LinkPolicy): Finding[] {
  if (slower === null) return [];
  const findings: Finding[] = [];
  if (raw !== null && slower < policy.leastShare * raw)
    findings.push(
      finding(
        'warn',
        'link-slow',
        `the slower way carries ${formatSi(slower, 'B/s')}, ${Math.round((100 * slower) / raw)} % of the link’s ${formatSi(raw, 'B/s')}`,
      ),
    );
  if (slower < policy.marketplaceBytesPerSecond)
    findings.push(
      finding(
        'note',
        'link-below-marketplace',
        `${formatSi(slower, 'B/s')}, and ${formatSi(policy.marketplaceBytesPerSecond, 'B/s')} are asked`,
      ),
    );
  return findings;
}

function counterFindings(
  counts: { replays: number | null; corrected: number | null; uncorrected: number | null },
  bytesMoved: number,
  policy: LinkPolicy,
): Finding[] {
  const findings: Finding[] = [];
  if (Object.values(counts).some((count) => count !== null && count < 0))
    findings.push(finding('note', 'health-counters-restarted', 'a counter of the link is lower than before'));
  const gigabytes = bytesMoved / 1e9;
  for (const [what, count] of [
    ['transfers repeated', counts.replays],
    ['errors corrected', counts.corrected],
  ] as const)
    if (count !== null && count >= policy.leastReplays && count > policy.replaysPerGigabyte * gigabytes)
      findings.push(finding('warn', 'link-replays', `${count} ${what} in ${gigabytes.toPrecision(3)} GB`));
  if (counts.uncorrected !== null && counts.uncorrected > 0)
    findings.push(finding('fail', 'link-errors', `${counts.uncorrected} while ${gigabytes.toPrecision(3)} GB moved`));
  return findings;
}

/** Seen in the link's own words, or in the rates of every way. */
function dropFindings({ rates, readings, software }: LinkFacts, policy: LinkPolicy): Finding[] {
  const told = toldDrop(readings);
  if (told !== null) return [finding('fail', 'link-dropped', told)];
  const drops = WAYS.map((way) => dropOf(rates[way]));
  const least = policy.dropRatio * (software ? SOFTWARE_SLACK : 1);
  const real = drops.filter((drop) => drop !== null && drop.ratio >= least);
  if (real.length < WAYS.length) return [];
  const ratio = Math.min(...real.map((drop) => (drop as Drop).ratio));
  const at = median(real.map((drop) => (drop as Drop).at));
  return [finding('fail', 'link-dropped', `every way is ${ratio.toFixed(1)} times slower from round ${at} on`)];
}

/** The best of the first half against the best of the last third: a card that wakes late goes up, not down. */
function toldDrop(readings: readonly LinkReading[]): string | null {
  const rounds = readings.reduce((most, { round }) => Math.max(most, round + 1), 0);
  if (rounds < 2 * LEAST_SIDE) return null;
  const early = underLoad(readings.filter(({ round }) => round < rounds / 2));
  const late = underLoad(readings.filter(({ round }) => round >= rounds - LEAST_SIDE));
  const words = ({ generation, width }: typeof early) => `generation ${generation ?? '?'}, ${width ?? '?'} lanes`;
  const fell = (a: number | null, b: number | null) => a !== null && b !== null && b < a;
  return fell(early.width, late.width) || fell(early.generation, late.generation)
    ? `from ${words(early)} to ${words(late)}`
    : null;
}
