import { llamaBenchTable } from '../formats/llama-bench.js';
import type { Result } from '../schema.js';
import { html, type Markup } from './markup.js';

/** The language models as llama-bench prints them, to be copied; nothing where none has a figure. */
export function modelsSection(result: Result): Markup | null {
  const table = llamaBenchTable(result);
  if (table === null) return null;
  return html`<section aria-labelledby="models">
<h2 id="models">Language models</h2>
<p class="quiet">As <code>llama-bench -o md</code> of llama.cpp prints them, so that a row can stand beside those that people quote. What llama-bench times is on the host’s clock and without sampling.</p>
<pre class="markdown" tabindex="0">${table}</pre>
</section>`;
}
