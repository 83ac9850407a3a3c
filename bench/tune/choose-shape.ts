import { type AnyVariant, exceedsLimit, isOutAnyway, isTooBig, isTunable, type Look } from './look.js';

/** One shape of a ladder with what was seen of each variant on it. */
export interface ChosenShape<S> {
  readonly shape: S;
  /** In the order of the variants. */
  readonly looks: readonly Look[];
}

/**
 * The largest shape on which most of what can be tuned fits, in memory and in time: a winner that was found among one
 * variant of four would say little, and a near shape's tuning holds for the larger one too. Where no shape lets most
 * of them, the one that lets the most, the larger of equals; where nothing fits, the smallest, to say why.
 *
 * A shape is given up as soon as too many are too big for it, since each look costs time.
 * @param shapes biggest first, at least one
 * @param look at one variant's default; `before` is the look that verified its odd shapes, which no later one does
 */
export async function chooseShape<S>(
  shapes: readonly S[],
  variants: readonly AnyVariant[],
  look: (shape: S, variant: AnyVariant, before: Look | null) => Promise<Look>,
): Promise<ChosenShape<S>> {
  const tunable = variants.filter(isTunable);
  const all = shapes.map(() => new Map<AnyVariant, Look>());
  const looksAt = (at: number) => all[at] as Map<AnyVariant, Look>;
  // What verified a variant's odd shapes: the first look that was not refused by a limit, before anything ran.
  const first = new Map<AnyVariant, Look>();
  const see = async (at: number, variant: AnyVariant) => {
    if (looksAt(at).has(variant)) return;
    const seen = await look(shapes[at] as S, variant, first.get(variant) ?? null);
    looksAt(at).set(variant, seen);
    if (!first.has(variant) && !exceedsLimit(seen)) first.set(variant, seen);
  };
  const complete = async (at: number): Promise<ChosenShape<S>> => {
    for (const variant of variants) await see(at, variant);
    return { shape: shapes[at] as S, looks: variants.map((v) => looksAt(at).get(v) as Look) };
  };
  const fitting = (at: number) => [...looksAt(at).values()].filter((l) => !isTooBig(l) && !isOutAnyway(l)).length;
  const tooBig = (at: number) => [...looksAt(at).values()].filter(isTooBig).length;

  const smallest = shapes.length - 1;
  for (let at = 0; at <= smallest; at++) {
    for (const variant of tunable) {
      if (at < smallest && tooBig(at) >= tunable.length - tooBig(at)) break;
      await see(at, variant);
    }
    if (fitting(at) > tooBig(at) && looksAt(at).size === tunable.length) return complete(at);
  }
  // What fits a shape fits a smaller one, so that none lets more than the smallest.
  const most = fitting(smallest);
  for (let at = 0; at < smallest && most > 0; at++) {
    for (const variant of tunable) if (fitting(at) < most) await see(at, variant);
    if (fitting(at) >= most) return complete(at);
  }
  return complete(smallest);
}
