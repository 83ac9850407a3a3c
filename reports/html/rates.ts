import { fastest, type WorkloadGroup } from '../groups.js';
import { familyNames, workloadName } from '../names.js';
import { formatPercent, formatSi, rateUnit } from '../units.js';
import {
  type ChartMargins,
  chartMargins,
  chartPatterns,
  type RateChart,
  rateChart,
  rateRows,
  showsCeiling,
} from './charts.js';
import { workloadTitle } from './header.js';
import { html, Markup } from './markup.js';

interface Figure {
  readonly group: WorkloadGroup;
  readonly chart: RateChart;
}

/** One chart per workload that has a rate, by family. What has none is in the table of measurements. */
export function ratesSection(groups: readonly WorkloadGroup[]): Markup {
  const figures = groups.flatMap((group) => chartOf(group) ?? []);
  const margins = chartMargins(figures.map(({ chart }) => chart));
  const families = [...new Set(figures.map(({ group }) => group.family))];
  return html`<section aria-labelledby="rates">
<h2 id="rates">Rates</h2>
${figures.length === 0 ? html`<p>No measurement gave a rate.</p>` : key}
${families.map((family) => html`<h3>${familyNames[family]}</h3>${figures.map((figure, i) => figure.group.family === family && drawn(figure, `rate-${i}`, margins))}`)}
</section>`;
}

function chartOf(group: WorkloadGroup): Figure | null {
  const best = fastest(group.measurements);
  if (best === null) return null;
  const ceiling = group.measurements.find((m) => m.ceiling !== null)?.ceiling ?? null;
  return { group, chart: { rows: rateRows(group.measurements), unit: best.rate.unit, ceiling } };
}

const key = html`${chartPatterns}<ul class="key">
<li>${swatch('<rect x="1" y="2" width="28" height="10" fill="var(--ours)"/>')}ours</li>
<li>${swatch('<rect x="1" y="2" width="28" height="10" fill="url(#hatch)" stroke="var(--peer)"/>')}baseline</li>
<li>${swatch('<rect x="1" y="2" width="28" height="10" fill="var(--ours)" fill-opacity=".45" stroke="var(--ours)" stroke-dasharray="4 3"/>')}pale, broken outline: unreliable</li>
<li>${swatch('<path d="M4 7h22M4 3v8M26 3v8" stroke="var(--ink)" stroke-width="1.5" fill="none"/>')}95 % interval</li>
<li>${swatch('<path d="M15 0v14" stroke="var(--ink)" stroke-width="1.5" stroke-dasharray="2 3"/>')}ceiling measured on this device</li>
</ul>`;

function swatch(drawing: string): Markup {
  return new Markup(`<svg viewBox="0 0 30 14" aria-hidden="true">${drawing}</svg>`);
}

function drawn({ group, chart }: Figure, id: string, margins: ChartMargins): Markup {
  const title = `Rates for ${workloadName(group.workload)}: ${chart.rows.map((row) => `${row.label} ${row.text}`).join('; ')}.`;
  // The page's style shows one of the two, by the width of the screen.
  const svgs = (['wide', 'narrow'] as const).map(
    (size) => html`<div class="${size}">${rateChart(`${id}-${size}`, title, chart, size, margins)}</div>`,
  );
  return html`
<figure><figcaption>${workloadTitle(group.workload)}${beyond(chart)}</figcaption>${svgs}</figure>`;
}

/** A ceiling too far off to draw, in words. */
function beyond(chart: RateChart): Markup | false {
  const { ceiling, unit, rows } = chart;
  if (ceiling === null || showsCeiling(chart)) return false;
  const share = formatPercent(Math.max(...rows.map((row) => row.value)) / ceiling.value);
  return html` <span class="quiet">The ceiling, ${formatSi(ceiling.value, rateUnit(unit))} (${ceiling.of}), lies beyond this chart: the best reaches ${share} of it.</span>`;
}
