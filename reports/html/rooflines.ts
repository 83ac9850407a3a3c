import { type FoundCard, findCard } from '../cards/index.js';
import { workloadName } from '../names.js';
import {
  operationUnits,
  type Roof,
  type Roofline,
  type RooflineKind,
  type RooflinePoint,
  rooflineKinds,
  rooflineOf,
} from '../roofline.js';
import type { Result } from '../schema.js';
import { formatPercent, formatSi, rateUnit } from '../units.js';
import { statusBadge, workloadTitle } from './header.js';
import { html, Markup } from './markup.js';
import { peaksOf, peaksTable } from './peaks.js';
import { rooflineChart } from './roofline-chart.js';
import { inSight } from './roofline-scene.js';

const titles: Readonly<Record<RooflineKind, string>> = { float: 'Floating point', integer: 'Integer work' };
const COLUMNS = 7;
/** What a picture's name for screen readers tells of; the table has them all. */
const TOLD = 12;

/** Per kind of work a chart under the measured roofs, and the same numbers as a table. */
export function rooflinesSection(result: Result): Markup {
  const rooflines = rooflineKinds.flatMap((kind) => rooflineOf(result, kind) ?? []);
  const found = findCard(result.device);
  const figures = rooflines.map((roofline) => ({ roofline, charts: chartsOf(roofline, found) }));
  return html`<section aria-labelledby="rooflines">
<h2 id="rooflines">Rooflines</h2>
${
  rooflines.length === 0
    ? html`<p>This result places no workload under a roofline: none that declares its operations and bytes gave a rate.</p>`
    : html`<p class="quiet">What a workload can reach is limited by its operations for every byte that it must move: under the slope by memory, under a level line by arithmetic. Solid roofs were measured by this run on this device; the level line of a mixture follows from the rates of the operations in it. Of each workload the fastest variant of ours is shown, and the baselines that compute on the same device.</p>
${result.device.software && html`<p><strong>These roofs are a program's on a processor, and say nothing about hardware.</strong></p>`}
${figures.some(({ charts }) => charts.length > 0) && key(found !== null)}
${figures.map(({ roofline, charts }) => kindOf(roofline, charts))}
${found && peaksTable(found)}`
}
</section>`;
}

function key(withReference: boolean): Markup {
  return html`<ul class="key">
<li>${swatch('<path d="M1 12 13 3H29" stroke="var(--ink)" stroke-width="2" fill="none"/>')}roof, measured</li>
<li>${swatch('<path d="M1 7H29" stroke="var(--ink)" stroke-width=".8" stroke-opacity=".55"/>')}ceiling measured beside it</li>
${withReference && html`<li>${swatch('<path d="M1 12 13 3H29" stroke="var(--peer)" stroke-width="1.6" stroke-dasharray="5 3" fill="none"/>')}reference of the model, not measured</li>`}
<li>${swatch('<circle cx="15" cy="7" r="5" fill="var(--ours)"/>')}ours</li>
<li>${swatch('<path d="m15 1 6 6-6 6-6-6z" fill="var(--paper)" stroke="var(--peer)" stroke-width="1.6"/>')}baseline</li>
<li>${swatch('<circle cx="15" cy="7" r="5" fill="var(--ours)" fill-opacity=".45" stroke="var(--ours)" stroke-width="1.6" stroke-dasharray="2.5 2"/>')}pale, broken outline, ?: unreliable</li>
<li>${swatch('<path d="M15 14V0" stroke="var(--ours)" stroke-width="1.2" stroke-dasharray="1.5 3"/>')}up to the roof that limits it</li>
</ul>`;
}

function swatch(drawing: string): Markup {
  return new Markup(`<svg viewBox="0 0 30 14" aria-hidden="true">${drawing}</svg>`);
}

/** One for each width of the screen, of which the page's style shows one; none where no figure can be drawn. */
function chartsOf(roofline: Roofline, found: FoundCard | null): Markup[] {
  const title = pictureName(roofline);
  const peaks = peaksOf(found, roofline);
  return (['wide', 'narrow'] as const).flatMap((size) => {
    const chart = rooflineChart(`roofline-${roofline.kind}-${size}`, title, roofline, peaks, size);
    return chart ? html`<div class="${size}">${chart}</div>` : [];
  });
}

function kindOf(roofline: Roofline, charts: readonly Markup[]): Markup {
  const { kind, points } = roofline;
  return html`<h3>${titles[kind]}</h3>
${charts.length > 0 && html`<figure>${charts}</figure>`}
${unseen(roofline)}
<table class="measurements">
<caption>${titles[kind]}: ${points.length} ${points.length === 1 ? 'implementation' : 'implementations'} under their roofs. The memory roof is in operations per second at the workload's operations per byte.</caption>
<thead><tr><th scope="col">Implementation</th><th scope="col" class="number">Operations per byte</th><th scope="col" class="number">Rate</th><th scope="col">Compute roof</th><th scope="col">Memory roof</th><th scope="col">Of the lower roof</th><th scope="col">Status</th></tr></thead>
${[...new Set(points.map((p) => p.workload))].map(
  (workload) => html`<tbody>
<tr class="group"><th scope="rowgroup" colspan="${COLUMNS}">${workloadTitle(workload)}</th></tr>
${points.filter((p) => p.workload === workload).map((p) => row(p, kind))}</tbody>
`,
)}</table>
`;
}

function row(point: RooflinePoint, kind: RooflineKind): Markup {
  const { implementation, operationsPerByte, rate, compute, memory, limit, status } = point;
  const unit = rateUnit(operationUnits[kind]);
  const perByte = operationsPerByte === null ? 'no memory traffic' : plain(operationsPerByte);
  const cells: [label: string, kind: string, text: string | null][] = [
    ['Per byte', 'number', perByte],
    ['Rate', 'number rate', formatSi(rate, unit)],
    ['Compute roof', '', compute && `${formatSi(compute.value, unit)} (${named(compute)})`],
    ['Memory roof', '', memoryRoof(memory, operationsPerByte, unit)],
    ['Of the lower roof', '', limit && `${formatPercent(limit.fraction)} of ${limit.by}`],
  ];
  return html`<tr class="row"><th scope="row">${implementation}</th>${cells.map(([label, kindOfCell, text]) =>
    text === null
      ? html`<td class="${kindOfCell}" data-label="${label}">not known</td>`
      : html`<td class="${kindOfCell}" data-label="${label}">${text}</td>`,
  )}<td data-label="Status">${statusBadge(status)}</td></tr>
`;
}

function memoryRoof(memory: Roof | null, operationsPerByte: number | null, unit: string): string | null {
  if (operationsPerByte === null) return 'none';
  if (memory === null) return null;
  return `${formatSi(memory.value * operationsPerByte, unit)} (${named(memory, ` ${formatSi(memory.value, 'B/s')}`)})`;
}

const named = ({ label, reliable }: Roof, figure = '') => `${label}${figure}${reliable ? '' : ', unreliable'}`;

/** `42.7`, `3.10 k`: three digits of a plain number. */
const plain = (value: number) => formatSi(value, '').trim();

/** Ceilings that would press the chart flat. */
function unseen(roofline: Roofline): Markup | false {
  const seen = new Set(inSight(roofline));
  const far = roofline.computeRoofs.filter((roof) => !seen.has(roof));
  const unit = rateUnit(operationUnits[roofline.kind]);
  return (
    far.length > 0 &&
    html`<p class="quiet">Far above this chart lie ceilings under which nothing here stands: ${far.map((roof) => named(roof, ` ${formatSi(roof.value, unit)}`)).join('; ')}.</p>`
  );
}

function pictureName({ kind, points }: Roofline): string {
  const unit = rateUnit(operationUnits[kind]);
  const told = points.slice(0, TOLD).map(({ workload, implementation, operationsPerByte, rate, limit, status }) => {
    const where = operationsPerByte === null ? 'no memory traffic' : `${plain(operationsPerByte)} operations per byte`;
    const share = limit ? `, ${formatPercent(limit.fraction)} of the ${limit.by} roof` : '';
    const doubt = status === 'valid' ? '' : `, ${status}`;
    return `${workloadName(workload)} by ${implementation}: ${where}, ${formatSi(rate, unit)}${share}${doubt}`;
  });
  const more = points.length > TOLD ? `; and ${points.length - TOLD} more in the table` : '';
  return `Roofline of ${titles[kind].toLowerCase()}: ${told.join('; ')}${more}.`;
}
