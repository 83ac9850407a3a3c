import { datasetBytes, ETCHASH_EPOCH_LENGTH } from '../../kernels/ethash/epochs.js';
import { type Model, models, weightBytes } from '../../kernels/llm/models.js';
import type { Check, Device } from '../../reports/schema.js';
import { formatBytes, formatSi } from '../../reports/units.js';
import type { Verdict } from '../../reports/verdict.js';
import type { Policy } from './policy.js';

/** What the suitability verdicts rest on. */
export interface Grounds {
  readonly checks: readonly Check[];
  readonly device: Pick<Device, 'vramBytes' | 'software'>;
  readonly policy: Policy;
  readonly now: Date;
}

const figure = ({ checks }: Grounds, id: string, name: string): number | null =>
  checks.find((check) => check.id === id)?.figures[name] ?? null;

/** Memory that may be relied on, in bytes: all that the driver gave, or what the card says; null when neither is known. */
export function usableBytes(grounds: Grounds): number | null {
  const memory = grounds.checks.find(({ id }) => id === 'memory');
  if (memory?.status === 'fail') return 0;
  const covered = figure(grounds, 'memory', 'coveredBytes');
  const allGiven = (memory?.evidence as { endedBy?: string } | undefined)?.endedBy === 'device';
  const given = covered === null || !allGiven ? null : covered + (figure(grounds, 'memory', 'reserveBytes') ?? 0);
  const { vramBytes } = grounds.device;
  if (given !== null && vramBytes !== null) return Math.min(given, vramBytes);
  return given ?? vramBytes ?? covered;
}

const fits = (needs: number, usable: number | null) => (usable === null ? null : needs <= usable);

/** The best of the rates among the performance check's figures whose name, a kernel's key or a workload, fits. */
function measured(grounds: Grounds, workload: RegExp): number | null {
  const figures = grounds.checks.find(({ id }) => id === 'performance')?.figures ?? {};
  const values = Object.entries(figures).flatMap(([name, value]) =>
    workload.test(name) && value !== null ? [value] : [],
  );
  return values.length === 0 ? null : Math.max(...values);
}

/** Ethereum Classic: 19,250,000 blocks on 5 February 2024 (fork Spiral), and some 6,490 a day since. */
const KNOWN_BLOCK = { number: 19_250_000, at: Date.UTC(2024, 1, 5), perDay: 6490 };
const DAY_MS = 86_400_000;
/** Ethereum's last mined block, 15,537,393 of 15 September 2022. */
const LAST_ETHASH_EPOCH = 517;

const etchashEpoch = (now: Date): number =>
  Math.floor(
    (KNOWN_BLOCK.number + ((now.getTime() - KNOWN_BLOCK.at) / DAY_MS) * KNOWN_BLOCK.perDay) / ETCHASH_EPOCH_LENGTH,
  );

const yearOf = (epoch: number): number =>
  new Date(
    KNOWN_BLOCK.at + ((epoch * ETCHASH_EPOCH_LENGTH - KNOWN_BLOCK.number) / KNOWN_BLOCK.perDay) * DAY_MS,
  ).getUTCFullYear();

/** The epoch before which a DAG outgrows memory; sizes grow by 8 MiB. */
function lastEpochIn(bytes: number): number {
  return Math.max(-1, Math.floor((bytes - 2 ** 30) / 2 ** 23));
}

export function miningVerdict(grounds: Grounds): Verdict['mining'] {
  const usable = usableBytes(grounds);
  const epoch = etchashEpoch(grounds.now);
  const algorithm = (name: string, needsBytes: number, workload: RegExp) => ({
    ...{ name, needsBytes, fits: fits(needsBytes, usable), hashesPerSecond: measured(grounds, workload) },
  });
  const algorithms = [
    algorithm(
      `Etchash (Ethereum Classic, about epoch ${epoch} now)`,
      datasetBytes(epoch),
      /^ethash-search\/epoch\d+-etchash/,
    ),
    algorithm(
      `Ethash (Ethereum's last epoch, ${LAST_ETHASH_EPOCH})`,
      datasetBytes(LAST_ETHASH_EPOCH),
      /^ethash-search\/epoch517-n/,
    ),
    algorithm('SHA-256d', 0, /^sha256dScan$/),
  ];
  const missing = [
    ...(usable === null ? ['how much memory can be relied on'] : []),
    ...algorithms.filter((a) => a.hashesPerSecond === null).map(({ name }) => `hash rate of ${name}`),
  ];
  return { words: plain(miningWords(grounds, usable, algorithms)), missing, usableBytes: usable, algorithms };
}

/** What is stored has plain spaces; whoever shows it may break lines. */
const plain = (text: string) => text.replaceAll('\u00a0', ' ');

const WITH_ERRORS = 'Its memory has errors: ';

function miningWords(grounds: Grounds, usable: number | null, algorithms: Verdict['mining']['algorithms']): string {
  if (memoryFailed(grounds))
    return `${WITH_ERRORS}hashes that read it come out wrong. Only work that needs hardly any is left.`;
  if (usable === null)
    return 'How much memory it has is not known, so which algorithms it can still mine is not either.';
  const rated = ({ name, needsBytes, hashesPerSecond }: (typeof algorithms)[number]) =>
    `${name}${needsBytes > 0 ? `, ${formatBytes(needsBytes)}` : ''}${hashesPerSecond === null ? '' : ` at ${formatSi(hashesPerSecond, 'H/s')}`}`;
  const can = algorithms.filter((a) => a.fits === true).map(rated);
  const cannot = algorithms.filter((a) => a.fits === false).map(rated);
  const last = lastEpochIn(usable);
  const until = algorithms[0]?.fits && last < 2048 ? ` Etchash outgrows it about ${yearOf(last + 1)}.` : '';
  return `Its ${formatBytes(usable)} hold ${can.join('; ')}${cannot.length > 0 ? `; and not ${cannot.join('; ')}` : ''}.${until}`;
}

const memoryFailed = ({ checks }: Grounds) => checks.some(({ id, status }) => id === 'memory' && status === 'fail');

/** Keys and values in f16 of so many tokens. */
const cacheBytes = ({ layers, kvHeads, headSize }: Model, tokens: number): number =>
  2 * 2 * layers * kvHeads * headSize * tokens;

export function aiVerdict(grounds: Grounds): Verdict['ai'] {
  const { contextTokens, marketplaceBytes } = grounds.policy.suitability;
  const { marketplaceBytesPerSecond } = grounds.policy.link;
  const usable = usableBytes(grounds);
  const sizes = models
    .filter(({ id }) => id !== 'tiny')
    .flatMap((model) =>
      (['q4', 'f16'] as const).map((weights) => {
        const needsBytes = weightBytes(model, weights) + cacheBytes(model, contextTokens);
        const tokensPerSecond = measured(grounds, new RegExp(`^llm/${model.id}-${weights}\\b`));
        return { name: model.name, weights, needsBytes, fits: fits(needsBytes, usable), tokensPerSecond };
      }),
    );
  const link = slowerDirection(grounds);
  const memory = grounds.device.software ? null : grounds.device.vramBytes;
  const marketplace = {
    memory: memory === null ? null : memory > marketplaceBytes,
    link: link === null ? null : link > marketplaceBytesPerSecond,
  };
  const missing = [
    ...(usable === null ? ['how much memory can be relied on'] : []),
    ...(sizes.every((m) => m.tokensPerSecond === null) ? ['tokens per second'] : []),
    ...(marketplace.memory === null ? ['what the card says its memory is'] : []),
    ...(link === null ? ['rate over the link'] : []),
  ];
  const words = plain(aiWords(grounds, usable, sizes, marketplace));
  return { words, missing, usableBytes: usable, models: sizes, contextTokens, marketplace };
}

/** Bytes per second over the link, the slower of both ways. */
function slowerDirection(grounds: Grounds): number | null {
  const [up, down] = ['uploadBytesPerSecond', 'readbackBytesPerSecond'].map((name) => figure(grounds, 'link', name));
  return typeof up === 'number' && typeof down === 'number' ? Math.min(up, down) : null;
}

function aiWords(
  grounds: Grounds,
  usable: number | null,
  sizes: Verdict['ai']['models'],
  { memory, link }: Verdict['ai']['marketplace'],
): string {
  const { contextTokens, marketplaceBytes } = grounds.policy.suitability;
  const { marketplaceBytesPerSecond } = grounds.policy.link;
  if (memoryFailed(grounds)) return `${WITH_ERRORS}what a model says with it cannot be relied on.`;
  if (usable === null) return 'How much memory it has is not known, so which models fit is not either.';
  const named = sizes
    .filter((m) => m.fits)
    .map(
      (m) => `${m.name} ${m.weights}${m.tokensPerSecond === null ? '' : ` (${m.tokensPerSecond.toFixed(1)} tokens/s)`}`,
    );
  const said = (what: string, answer: boolean | null, limit: string) =>
    `${what} ${answer === null ? 'not known against' : answer ? 'more than' : 'not more than'} the ${limit}`;
  const asked = `Marketplaces: ${said('memory', memory, formatBytes(marketplaceBytes))}, ${said('link', link, formatSi(marketplaceBytesPerSecond, 'B/s'))} that they ask for.`;
  const holds = named.length > 0 ? named.join(', ') : 'none of the models that are known here';
  return `With ${contextTokens} tokens of context its ${formatBytes(usable)} hold ${holds}. ${asked}`;
}
