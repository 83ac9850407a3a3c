import type { CardReference, Figure } from './reference.js';

/** Kernels whose rate can be held against a model's reference. */
export const floorKernels = ['copy', 'fmaF32', 'sha256dScan', 'matmulF32', 'matmulF16', 'ethash'] as const;
export type FloorKernel = (typeof floorKernels)[number];

/** The figure that a kernel's rate is held against, and how it is said. */
export interface Floor extends Pick<Figure, 'value' | 'upTo' | 'status'> {
  /** The figure's status and source, and what was done with it. */
  readonly source: string;
}

const OF: Readonly<
  Record<FloorKernel, { of: keyof CardReference & `${string}PerSecond`; divisor?: number; how?: string }>
> = {
  copy: { of: 'memoryBytesPerSecond' },
  fmaF32: { of: 'f32FlopPerSecond' },
  // FIPS 180-4: a short message is one block; a header's hash is two once its first block is known.
  sha256dScan: { of: 'sha256HashesPerSecond', divisor: 2, how: '÷ 2: two compressions for each nonce' },
  matmulF32: { of: 'f32FlopPerSecond' },
  matmulF16: { of: 'f16MatrixFlopPerSecond' },
  ethash: { of: 'ethashHashesPerSecond' },
};

/** Null where nothing is known of the model. */
export function floorFor(card: CardReference, kernel: FloorKernel): Floor | null {
  const { of, divisor = 1, how } = OF[kernel];
  const figure = card[of];
  if (!figure) return null;
  const said = [`${figure.status}: ${figure.source}`, how, figure.note].filter((part) => part !== undefined);
  return {
    ...{ value: figure.value / divisor, status: figure.status, source: said.join('; ') },
    ...(figure.upTo !== undefined && { upTo: figure.upTo / divisor }),
  };
}

export interface FloorLimits {
  readonly warnBelow: number;
  readonly failBelow: number;
  readonly suspectAbove: number;
  /** What our kernel does of the reference on a sound card, and whether that is known well enough to fail one. */
  readonly reach: number;
  readonly mayFail: boolean;
}

export interface FloorVerdict {
  /** Of the reference figure. */
  readonly ofReference: number;
  /** Of what the kernel reaches of it on a sound card. */
  readonly fraction: number;
  readonly finding: { status: 'warn' | 'fail'; code: 'below-reference' | 'reference-suspect'; detail: string } | null;
}

/**
 * A figure of the maker's or of other people's cards can fail a card; one that was derived or that nobody proved can
 * only warn. A rate far above the reference says that the reference is wrong: floors that others built in are, by
 * factors of ten.
 */
export function holdAgainst(rate: number, floor: Floor, name: string, limits: FloorLimits): FloorVerdict {
  const ofReference = rate / floor.value;
  const fraction = ofReference / limits.reach;
  const against = `${percent(ofReference)} of the reference (${floor.value.toExponential(3)}/s, ${floor.source})`;
  if (rate > limits.suspectAbove * (floor.upTo ?? floor.value))
    return {
      ...{ ofReference, fraction },
      finding: { status: 'warn', code: 'reference-suspect', detail: `${name} does ${against}` },
    };
  if (fraction >= limits.warnBelow) return { ofReference, fraction, finding: null };
  const sourced = floor.status === 'spec' || floor.status === 'measured elsewhere';
  const status = fraction < limits.failBelow && sourced && limits.mayFail ? 'fail' : 'warn';
  const detail = `${name} does ${against}; on a sound card it does about ${percent(limits.reach)}`;
  return { ofReference, fraction, finding: { status, code: 'below-reference', detail } };
}

const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
