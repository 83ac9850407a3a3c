import { acrossWorkloads } from '../across.js';
import { ACROSS_ABOUT, ACROSS_TITLE, acrossCells } from '../formats/across.js';
import type { Result } from '../schema.js';
import { html, type Markup } from './markup.js';

/** How ours stand against each baseline over all workloads; nothing where none shares two with ours. */
export function acrossSection(result: Result): Markup | null {
  const lines = acrossWorkloads(result);
  if (lines.length === 0) return null;
  return html`<section aria-labelledby="across">
<h2 id="across">${ACROSS_TITLE}</h2>
<p class="quiet">${ACROSS_ABOUT}</p>
<div class="scroll" tabindex="0" role="region" aria-labelledby="across"><table>
<thead><tr><th scope="col">Family</th><th scope="col">Baseline</th><th scope="col">Ratio</th><th scope="col">Over</th><th scope="col">From, to</th></tr></thead>
<tbody>${lines.map((line) => {
    const [family, peer, ...cells] = acrossCells(line);
    return html`<tr><td>${family}</td><th scope="row">${peer}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`;
  })}</tbody>
</table></div>
</section>`;
}
