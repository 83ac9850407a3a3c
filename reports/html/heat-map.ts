import { z } from 'zod';
import { formatBytes } from '../units.js';
import { html, type Markup } from './markup.js';

/** Of a memory check's evidence: what a map needs. Evidence is free, and may be of another version. */
const evidence = z.object({
  heat: z.object({
    blockBytes: z.number().positive(),
    blocks: z.array(z.object({ chunk: z.number(), block: z.number(), errors: z.number() })),
  }),
  chunks: z.array(z.object({ chunk: z.number(), bytes: z.number(), suspect: z.boolean() })),
});

const CELL = 12;
const GAP = 2;
const COLUMNS = 64;
/** More than this is drawn coarser. */
const MOST_CELLS = 4096;

/**
 * Every block of memory that was tested as a square, chunk after chunk; darker with each tenfold of errors, and with
 * the digit of that power in it, so that it is read without colour. Null without such evidence.
 */
export function heatMap(from: unknown): Markup | null {
  const parsed = evidence.safeParse(from);
  if (!parsed.success || parsed.data.chunks.length === 0) return null;
  const { heat, chunks } = parsed.data;
  const errors = new Map(heat.blocks.map(({ chunk, block, errors }) => [`${chunk} ${block}`, errors]));
  const all = chunks.flatMap(({ chunk, bytes, suspect }) =>
    Array.from({ length: Math.max(1, Math.ceil(bytes / heat.blockBytes)) }, (_, block) => ({
      ...{ suspect, errors: errors.get(`${chunk} ${block}`) ?? 0 },
    })),
  );
  const each = Math.ceil(all.length / MOST_CELLS);
  const cells = Array.from({ length: Math.ceil(all.length / each) }, (_, i) => {
    const group = all.slice(i * each, (i + 1) * each);
    return { suspect: group.some(({ suspect }) => suspect), errors: group.reduce((sum, cell) => sum + cell.errors, 0) };
  });
  const columns = Math.min(COLUMNS, cells.length);
  const [width, height] = [columns * (CELL + GAP), Math.ceil(cells.length / columns) * (CELL + GAP)];
  const struck = cells.filter((cell) => cell.errors > 0).length;
  const title =
    struck === 0 ? 'No block of memory had a wrong word.' : `${struck} of ${cells.length} blocks had wrong words.`;
  return html`<figure><figcaption><strong>${title}</strong> A square is ${formatBytes(heat.blockBytes * each)}, in the order in which the driver gave them; a digit n stands for 10ⁿ wrong words and more, a frame for memory that is slow as the host’s. No square is a chip.</figcaption>
<svg class="chart heat" role="img" aria-label="${title}" viewBox="0 0 ${width} ${height}" style="max-width:${width}px">${cells.map((cell, i) => square(cell, i, columns))}</svg></figure>`;
}

function square({ suspect, errors }: { suspect: boolean; errors: number }, i: number, columns: number): Markup {
  const [x, y] = [(i % columns) * (CELL + GAP), Math.floor(i / columns) * (CELL + GAP)];
  const power = errors > 0 ? Math.min(9, Math.floor(Math.log10(errors))) : null;
  const shade = power === null ? 'sound' : `hot hot-${Math.min(4, power)}`;
  return html`<rect x="${x}" y="${y}" width="${CELL}" height="${CELL}" class="${shade}${suspect && ' suspect'}"/>${power !== null && html`<text x="${x + CELL / 2}" y="${y + CELL - 3}" text-anchor="middle" font-size="9">${power}</text>`}`;
}
