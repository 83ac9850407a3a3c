import { type Signature, type SignatureRatio, signatures, unrestricted } from './signatures.js';

/** Null: the card lacks the unit, or it was not measured. */
export type MeasuredRatios = Readonly<Record<SignatureRatio, number | null>>;

export interface SignatureFinding {
  /** Ratios far below what a free card has. */
  readonly restricted: readonly SignatureRatio[];
  /** Models whose restrictions these are, whose every known ratio that was measured agrees. */
  readonly fits: readonly Signature[];
  readonly measured: readonly SignatureRatio[];
}

/** A measured ratio is a model's when it differs by no more than this factor: clocks and compilers differ too. */
const NEAR = 2.5;
/**
 * Below this part of a free card's least a ratio is restricted. The known restrictions divide by eight and more, and a
 * design that differs, or a compiler that does badly, costs a factor of two.
 */
const RESTRICTED = 0.4;

/** Restrictions of cards made for mining that measured ratios show. Pure. */
export function classifySignature(ratios: MeasuredRatios): SignatureFinding {
  const measured = (Object.keys(unrestricted) as SignatureRatio[]).filter((name) => ratios[name] !== null);
  const restricted = measured.filter((name) => (ratios[name] as number) < RESTRICTED * unrestricted[name].value);
  const agreeing = signatures.map((one) => ({ one, near: agreement(one, ratios, restricted) }));
  // Of a model that explains more than another, the other is not named.
  const most = Math.max(1, ...agreeing.map(({ near }) => near));
  return { restricted, measured, fits: agreeing.filter(({ near }) => near === most).map(({ one }) => one) };
}

/** How many restrictions a model explains; none where anything that is known of it differs. */
function agreement(
  { ratios: own, free }: Signature,
  ratios: MeasuredRatios,
  restricted: readonly SignatureRatio[],
): number {
  // A riser makes any card's link slow, so that a slow link alone rules no model out.
  if (free.some((name) => name !== 'linkBytesPerS' && restricted.includes(name))) return 0;
  let near = 0;
  for (const [name, { value }] of Object.entries(own) as [SignatureRatio, { value: number }][]) {
    const got = ratios[name];
    if (got === null) continue;
    // A link is never faster than this; slower it may be.
    const off = name === 'linkBytesPerS' ? got / value > NEAR : Math.abs(Math.log(got / value)) > Math.log(NEAR);
    if (off) return 0;
    if (restricted.includes(name)) near++;
  }
  return near;
}
