import { z } from 'zod';

/**
 * `spec`: the maker's figure. `measured elsewhere`: by somebody else, on such a card. `derived`: from another figure
 * by the formula in `source`. `unverified`: said somewhere without evidence.
 */
export const figureStatus = z.enum(['spec', 'measured elsewhere', 'derived', 'unverified']);

/** One number of a card and what it rests on. */
export const figure = z
  .strictObject({
    value: z.number().positive(),
    /** The highest that was told, by other people or with other settings. */
    upTo: z.number().positive().optional(),
    status: figureStatus,
    /** Where the number comes from; for a derived one the formula. */
    source: z.string().trim().min(1),
    /** What whoever reads the number should know. */
    note: z.string().trim().min(1).optional(),
  })
  .refine(({ value, upTo }) => upTo === undefined || upTo > value, { error: 'upTo must exceed value', path: ['upTo'] });

const pciId = z.string().regex(/^[0-9a-f]{4}:[0-9a-f]{4}$/, 'vendor:device in lower-case hexadecimal');

/** Sourced public facts about a model of card. A number that is not known is null. */
export const cardReference = z.strictObject({
  /** For the command line, e.g. `rtx-3090`. */
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  name: z.string().min(1),
  /** Other names that drivers give it. */
  aliases: z.array(z.string().min(1)),
  vendor: z.enum(['nvidia', 'amd']),
  /** Ids that belong to this model alone. */
  pciIds: z.array(pciId),
  /** Ids that other models have too: they identify nothing. */
  sharedPciIds: z.array(pciId),
  vramBytes: figure.nullable(),
  memoryBytesPerSecond: figure.nullable(),
  /** A multiply-add counts as two. */
  f32FlopPerSecond: figure.nullable(),
  /** Dense, on matrix units, with the fastest accumulator. */
  f16MatrixFlopPerSecond: figure.nullable(),
  /** 32-bit integer instructions, e.g. additions, per second. */
  int32IopPerSecond: figure.nullable(),
  boardPowerWatts: figure.nullable(),
  ethashHashesPerSecond: figure.nullable(),
  /** Single SHA-256 of a short message, hashcat's mode 1400. */
  sha256HashesPerSecond: figure.nullable(),
  note: z.string().min(1).optional(),
});

export type Figure = z.infer<typeof figure>;
export type FigureStatus = z.infer<typeof figureStatus>;
export type CardReference = z.infer<typeof cardReference>;

type Extra = Pick<Figure, 'upTo' | 'note'>;
const as =
  (status: FigureStatus) =>
  (value: number, source: string, extra: Extra = {}): Figure => ({ value, status, source, ...extra });

export const spec = as('spec');
export const measured = as('measured elsewhere');
export const derived = as('derived');
export const unverified = as('unverified');

export const GIB = 2 ** 30;
