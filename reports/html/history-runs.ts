import { namesByText } from '../groups.js';
import type { HistoryCard, HistorySeries } from '../history-schema.js';
import { counted } from '../history-text.js';
import { html, type Markup } from './markup.js';

/** Why runs have no figure, a row for each reason; nothing where all have one. */
export function missingFigures(series: readonly HistorySeries[]): Markup | false {
  const said = series.flatMap((one) =>
    one.gaps.map(({ reason }) => [reason, `${one.implementation} on ${one.workload}`] as const),
  );
  if (said.length === 0) return false;
  const rows = [...namesByText(said)].map(([reason, names]) => {
    const times = [...namesByText(names.map((name) => [name, name] as const))].map(
      ([name, all]) => `${name} (${counted(all.length, 'run')})`,
    );
    return html`<dt>${reason}</dt><dd>${times.join(', ')}</dd>`;
  });
  return html`<section aria-labelledby="gaps">
<h2 id="gaps">Runs without a figure</h2>
<dl>${rows}</dl>
</section>`;
}

/** All runs of each card with what produced them, folded. */
export function historyRuns(cards: readonly HistoryCard[]): Markup {
  return html`<section aria-labelledby="runs">
<h2 id="runs">Runs</h2>
${cards.map(
  (card) => html`<details><summary>${card.name} <span class="quiet">${counted(card.runs.length, 'run')}</span></summary>
<div class="scroll"><table class="plain"><thead><tr><th scope="col">Started (UTC)</th><th scope="col">Run</th><th scope="col">Suite</th><th scope="col">Version</th><th scope="col">Commit</th><th scope="col">Driver</th></tr></thead>
<tbody>${card.runs.map(
    ({ id, startedAt, suite, finished, tool, driver }) =>
      html`<tr><th scope="row">${startedAt.slice(0, 16).replace('T', ' ')}</th><td>${id}${!finished && ', did not finish'}</td><td>${suite}</td><td>${tool.version}</td><td>${tool.commit ?? 'unknown'}${tool.dirty && ', with uncommitted changes'}</td><td>${driver ?? 'unknown'}</td></tr>
`,
  )}</tbody></table></div></details>
`,
)}
</section>`;
}
