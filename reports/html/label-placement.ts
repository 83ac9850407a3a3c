/** Where labels go so that none covers another. Everything in pixels, y downwards. */

export interface Box {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

const overlap = (a: Box, b: Box) => a.x1 < b.x2 && b.x1 < a.x2 && a.y1 < b.y2 && b.y1 < a.y2;
const inside = (a: Box, b: Box) => a.x1 >= b.x1 && a.x2 <= b.x2 && a.y1 >= b.y1 && a.y2 <= b.y2;

/**
 * Moves the labels of one column apart: each at least `gap` from the next, and together as near to their own heights
 * as that allows (isotonic regression by pooling adjacent violators).
 * @param wanted heights from top to bottom, at most as many as fit between `top` and `bottom`
 */
export function spread(wanted: readonly number[], gap: number, top: number, bottom: number): number[] {
  const pools: { sum: number; count: number }[] = [];
  for (const [i, height] of wanted.entries()) {
    let pool = { sum: height - i * gap, count: 1 };
    for (let above = pools.at(-1); above && above.sum / above.count > pool.sum / pool.count; above = pools.at(-1)) {
      pool = { sum: pool.sum + above.sum, count: pool.count + above.count };
      pools.pop();
    }
    pools.push(pool);
  }
  const least = top;
  const most = bottom - (wanted.length - 1) * gap;
  const means = pools.flatMap(({ sum, count }) => Array.from({ length: count }, () => sum / count));
  return means.map((mean, i) => Math.min(Math.max(mean, least), most) + i * gap);
}

export interface Wanted {
  readonly text: string;
  readonly x: number;
  readonly y: number;
}

export interface Placed {
  readonly text: string;
  /** Of the end that its anchor names, and of the middle of its height. */
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'middle' | 'end';
}

export interface Typeface {
  /** Average width of a character. */
  readonly character: number;
  readonly height: number;
  /** Labels of points in one chart; more would hide it. */
  readonly labels: number;
}

/** Distance of a label from the middle of its point. */
const OFF = 9;

/**
 * Puts a label beside each point: right, left, above, below or between, wherever it covers no point, no label and
 * no line, and leaves the frame nowhere. The first get their place first; where every place lies on a line, one on a
 * line is taken, and one for which there is none gets no label.
 * @param points all that may not be covered, labelled or not
 * @param lines what labels rather keep off
 */
export function placeLabels(
  wanted: readonly Wanted[],
  points: readonly { readonly x: number; readonly y: number }[],
  lines: readonly Box[],
  frame: Box,
  face: Typeface,
): Placed[] {
  const taken: Box[] = points.map(({ x, y }) => ({ x1: x - 6, y1: y - 6, x2: x + 6, y2: y + 6 }));
  const placed: Placed[] = [];
  for (const label of wanted) {
    if (placed.length === face.labels) break;
    const free = around(label, face).filter(({ box }) => inside(box, frame) && !taken.some((t) => overlap(box, t)));
    const chosen = free.find(({ box }) => !lines.some((line) => overlap(box, line))) ?? free[0];
    if (chosen === undefined) continue;
    taken.push(chosen.box);
    placed.push(chosen.label);
  }
  return placed;
}

function around({ text, x, y }: Wanted, { character, height }: Typeface): { label: Placed; box: Box }[] {
  const width = text.length * character;
  const [far, near, lift] = [OFF, OFF - 2, OFF + height / 2];
  const spots: readonly (readonly [anchor: Placed['anchor'], dx: number, dy: number])[] = [
    ...([
      ['start', far, 0],
      ['end', -far, 0],
      ['middle', 0, -lift],
      ['middle', 0, lift],
    ] as const),
    ...([
      ['start', near, -far],
      ['start', near, far],
      ['end', -near, -far],
      ['end', -near, far],
    ] as const),
  ];
  return spots.map(([anchor, dx, dy]) => {
    const left = x + dx - { start: 0, middle: width / 2, end: width }[anchor];
    const box = { x1: left, x2: left + width, y1: y + dy - height / 2, y2: y + dy + height / 2 };
    return { label: { text, x: x + dx, y: y + dy, anchor }, box };
  });
}

/**
 * Where along a line a label may begin without coming near a point.
 * @param line from its lower left end
 * @param length of the label, in pixels
 * @param clear least distance of the label from every point
 * @returns distance from the line's beginning; the first where none is clear
 */
export function alongLine(
  line: Box,
  length: number,
  points: readonly { readonly x: number; readonly y: number }[],
  clear: number,
  from: number,
): number {
  const whole = Math.hypot(line.x2 - line.x1, line.y2 - line.y1);
  const [cos, sin] = whole > 0 ? [(line.x2 - line.x1) / whole, (line.y2 - line.y1) / whole] : [1, 0];
  const near = (start: number) =>
    points.some(({ x, y }) => {
      const along = (x - line.x1) * cos + (y - line.y1) * sin;
      const beside = Math.abs((y - line.y1) * cos - (x - line.x1) * sin);
      return beside < clear && along > start - clear && along < start + length + clear;
    });
  for (let start = from; start + length <= whole; start += 6) if (!near(start)) return start;
  return from;
}
