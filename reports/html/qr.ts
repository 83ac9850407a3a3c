import { encode } from 'uqr';
import { html, Markup } from './markup.js';

/** Modules of white around a symbol that a reader needs (ISO/IEC 18004, 9.1). */
const QUIET_ZONE = 4;

/**
 * A QR code (ISO/IEC 18004) of a text, as a drawing that is as large as its place. Level M: a sixth of it may be soiled.
 * @param title says in words what it holds
 */
export function qrCode(text: string, title: string): Markup {
  const { data, size } = encode(text, { ecc: 'M', border: QUIET_ZONE });
  return html`<svg class="qr" viewBox="0 0 ${size} ${size}" role="img" shape-rendering="crispEdges"><title>${title}</title><rect width="${size}" height="${size}" fill="#fff"/><path fill="#000" d="${new Markup(data.map(runs).join(''))}"/></svg>`;
}

/** The dark modules of a row, neighbours as one rectangle. */
function runs(row: readonly boolean[], y: number): string {
  let path = '';
  for (let x = 0; x < row.length; x++) {
    if (!row[x]) continue;
    const start = x;
    while (row[x + 1]) x++;
    path += `M${start} ${y}h${x + 1 - start}v1H${start}z`;
  }
  return path;
}
