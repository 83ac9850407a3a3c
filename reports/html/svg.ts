import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { clean, Markup } from './markup.js';

/** Observable Plot without a browser: charts are drawn on linkedom's document and leave as text. */

type PlotOptions = NonNullable<Parameters<typeof Plot.plot>[0]>;

/** What of the DOM this needs; the project compiles without the browser's types. */
interface SvgElement {
  readonly outerHTML: string;
  setAttribute(name: string, value: string): void;
  removeAttribute(name: string): void;
  prepend(child: SvgElement): void;
  querySelector(selector: string): (SvgElement & { remove(): void }) | null;
  textContent: string | null;
}

/**
 * Draws a plot as an inline SVG of the page: scaled by the page's style, named for screen readers, with
 * no style or identifier of its own but `id`. All text is escaped.
 *
 * @param id unique in the page
 * @param title what the picture says, in a sentence
 */
export function drawSvg(id: string, title: string, options: PlotOptions): Markup {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const svg = Plot.plot({ ...options, document: document as never, className: 'chart' }) as unknown as SvgElement;
  svg.querySelector('style')?.remove();
  for (const name of ['width', 'height', 'font-family', 'fill']) svg.removeAttribute(name);
  const titleElement = document.createElementNS('http://www.w3.org/2000/svg', 'title') as unknown as SvgElement;
  titleElement.setAttribute('id', `${id}-title`);
  titleElement.textContent = title;
  svg.prepend(titleElement);
  svg.setAttribute('id', id);
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-labelledby', `${id}-title`);
  // linkedom escapes what is markup and leaves what HTML forbids.
  return new Markup(clean(svg.outerHTML));
}

/**
 * Patterns that charts fill with; once in a page, before the first chart. Ours is solid and a baseline
 * hatched, so that they can be told apart without colour.
 */
export const chartPatterns = new Markup(
  '<svg class="patterns" width="0" height="0" aria-hidden="true"><defs>' +
    '<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">' +
    '<rect width="6" height="6" class="hatch-ground"/><rect width="2.5" height="6" class="hatch-line"/></pattern>' +
    '</defs></svg>',
);
