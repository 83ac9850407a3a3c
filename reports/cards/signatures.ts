import { z } from 'zod';
import { derived, figure } from './reference.js';

/**
 * Rates of units on one card divided by each other, so that clocks and sizes cancel; `link` is a rate. What was taken
 * away from cards made for mining alone shows in them.
 */
export const SIGNATURE_RATIOS = {
  fmaToMulAdd: 'f32 operations per second as multiply-add, to the same as multiplications and additions apart',
  f32ToInt: 'f32 multiplications and additions apart, to 32-bit integer additions',
  dot4ToInt: 'operations of dot4I8Packed, eight each, to 32-bit integer additions',
  matrixToFma: 'f16 operations of matrix units, to those of f32 multiply-add',
  linkBytesPerS: 'bytes per second from the host to the card',
} as const;
export type SignatureRatio = keyof typeof SIGNATURE_RATIOS;
export const RATIO_NAMES = Object.keys(SIGNATURE_RATIOS) as SignatureRatio[];

const ratio = z.enum(RATIO_NAMES as [SignatureRatio, ...SignatureRatio[]]);

/** What a card without restriction has at least. */
export const unrestrictedSchema = z.record(ratio, figure);

/** One model's restrictions: the value of each ratio that differs from a free card's. */
export const signatureSchema = z.strictObject({
  /** `CardReference.id`. */
  card: z.string().min(1),
  name: z.string().min(1),
  ratios: z.partialRecord(ratio, figure),
  /** Ratios that are known to be as a free card's; the others are not known. */
  free: z.array(ratio),
});
export type Signature = z.infer<typeof signatureSchema>;

const CMP170 = 'niconiconi.neocities.org, CMP 170HX review';
const ML_ON_CMP = 'ml-on-cmp';
const HARU = 'dev.to, haru-neo';

/**
 * The least that cards of the makers' usual designs have: an fma where one multiplication or one addition would be, at
 * least as many float as integer lanes, four multiplications and additions in a dot product, matrix units that are
 * worth having. Derived from how the units are built, not measured.
 */
export const unrestricted: Readonly<Record<SignatureRatio, z.infer<typeof figure>>> = {
  fmaToMulAdd: derived(2, 'an fma counts as two operations and takes as long as one of them'),
  f32ToInt: derived(1, 'as many float as integer lanes; GeForce since Ampere has twice as many'),
  dot4ToInt: derived(8, 'eight operations where an addition would be'),
  matrixToFma: derived(2, 'an RTX 3090: 71 TFLOP/s with f32 sums ÷ 35.6', {
    note: 'With f16 sums 4; a data centre card has 16.',
  }),
  linkBytesPerS: derived(0.8e9, 'PCIe generation 1 with four lanes, 1 GB/s, less a fifth for the protocol', {
    note: 'Slower links are a riser’s or a restricted card’s.',
  }),
};

/**
 * Models of which a number is known. Of a CMP 40HX it is told that its matrix units cannot be used, not how slow they
 * are: no number, no signature.
 */
export const signatures: readonly Signature[] = [
  {
    ...{ card: 'cmp-170hx', name: 'NVIDIA CMP 170HX' },
    ratios: {
      fmaToMulAdd: derived(0.39 / 6.25, `0.39 ÷ 6.25 TFLOP/s, both measured (${CMP170})`),
      matrixToFma: derived(6.3 / 0.39, `6.3 ÷ 0.39 TFLOP/s, both measured (${CMP170})`, {
        note: 'Multiply-add is slower still: this ratio alone shows nothing.',
      }),
    },
    // 6.25 TFLOP/s is what its lanes and clock come to.
    free: ['f32ToInt'],
  },
  {
    ...{ card: 'cmp-90hx', name: 'NVIDIA CMP 90HX' },
    ratios: {
      f32ToInt: derived(2 / 8, `twice as many float as integer lanes ÷ 8, the throttle seen by ${ML_ON_CMP}`),
      dot4ToInt: derived(8 / 16, `8 ÷ 16, the throttle seen by ${ML_ON_CMP}`),
    },
    free: ['fmaToMulAdd'],
  },
  {
    ...{ card: 'cmp-100-210', name: 'NVIDIA CMP 100-210' },
    ratios: {
      matrixToFma: derived(
        8 / 64,
        `512 multiply-adds of matrix units to 64 of lanes (Volta), ÷ 64, the throttle seen by ${HARU}`,
      ),
      linkBytesPerS: derived(0.25e9, `PCIe generation 1 with one lane (${HARU}), at most`),
    },
    free: ['fmaToMulAdd', 'f32ToInt', 'dot4ToInt'],
  },
];
