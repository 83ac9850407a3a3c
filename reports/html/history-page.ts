import { seriesName } from '../formats/history-table.js';
import type { History, HistoryCard, HistoryChange, HistorySeries } from '../history-schema.js';
import {
  counted,
  fileNotes,
  fromTo,
  isoDay,
  ratioWithInterval,
  summaryOf,
  suspicion,
  whereabouts,
} from '../history-text.js';
import { formatInterval, formatRate } from '../units.js';
import { notice, statusBadge, workloadTitle } from './header.js';
import { type ChartRun, historyChart } from './history-chart.js';
import { historyRuns, missingFigures } from './history-runs.js';
import { html, Markup } from './markup.js';
import { documentOf } from './page.js';

/** More would lie on each other; the JSON has them all. */
const DRAWN_RUNS = 200;
const NAMED_FILES = 20;

/** A change with its series and its number in the page. */
interface Numbered {
  readonly number: number;
  readonly change: HistoryChange;
  readonly series: HistorySeries;
}

/** A history as one self-contained HTML page, as `renderPage` makes one of a result. */
export function renderHistoryPage(history: History): string {
  const { cards, series } = history;
  const changes = series
    .flatMap((one) => one.changes.map((change) => ({ change, series: one })))
    .sort((a, b) => Date.parse(b.change.when) - Date.parse(a.change.when))
    .map((found, i): Numbered => ({ ...found, number: i + 1 }));
  const notes = fileNotes(history, NAMED_FILES);
  const title = cards.length === 1 ? (cards[0] as HistoryCard).name : counted(cards.length, 'card');
  return documentOf(
    `${title}, history: Assay`,
    html`${softwareNotice(cards)}
<div class="page">
<header>
<p class="kicker"><b>Assay</b> · history</p>
<h1>${title}</h1>
<p class="lead">${summaryOf(history)}</p>
</header>
<main>
${changesSection(changes, history)}
${cards.map((card, i) => cardSection(card, i, history, changes))}
${missingFigures(series)}
${notes.length > 0 && html`<section><h2>Files left out</h2>${notes.map((note) => html`<p>${note}</p>`)}</section>`}
${historyRuns(cards)}
</main>
<footer><p>A level is the geometric mean of rates, an interval is of 95 %. A change of level is marked where candidates by PELT (Killick, Fearnhead and Eckley 2012) stand a t-test against their neighbours, corrected for the positions searched and for correlated runs; three runs make a level.</p></footer>
</div>`,
  );
}

function softwareNotice(cards: readonly HistoryCard[]): Markup | false {
  const names = cards.filter(({ software }) => software).map(({ name }) => name);
  return (
    names.length > 0 &&
    notice(
      'Software adapter: these figures say nothing about hardware.',
      `${names.join(', ')}: a program that computes on the processor in place of a GPU.`,
    )
  );
}

function changesSection(changes: readonly Numbered[], { cards }: History): Markup {
  return html`<section aria-labelledby="changes">
<h2 id="changes">Changes</h2>
${
  changes.length === 0
    ? html`<p>No series changed its level.</p>`
    : html`<table class="measurements">
<caption>Newest first. The numbers stand in the charts.</caption>
<thead><tr><th scope="col">Since</th><th scope="col">Change</th><th scope="col">Series</th><th scope="col">From and to</th><th scope="col">Ratio, 95 % interval</th></tr></thead>
<tbody>${changes.map((numbered) => changeRows(numbered, cards))}</tbody></table>`
}
</section>`;
}

function changeRows({ number, change, series }: Numbered, cards: readonly HistoryCard[]): Markup {
  const card = cards[series.card] as HistoryCard;
  return html`<tr class="row"><th scope="row" class="keep">${number} · <time datetime="${change.when}">${isoDay(change.when)}</time></th><td data-label="Change">${direction(change)}</td><td data-label="Series">${series.implementation} <span class="id">${series.workload}</span>${cards.length > 1 && html` <span class="quiet">${card.name}</span>`}</td><td class="keep" data-label="From and to">${fromTo(change, series)}</td><td class="keep" data-label="Ratio">${ratioWithInterval(change)}</td></tr>
<tr class="why"><td colspan="5">${whereabouts(change, series, card)} ${suspicion(change, series)}</td></tr>
`;
}

const direction = ({ direction: word }: HistoryChange): Markup => html`<span class="status ${word}">${word}</span>`;

function cardSection(card: HistoryCard, index: number, { series }: History, changes: readonly Numbered[]): Markup {
  const drawn = series.filter((one) => one.card === index && one.points.length > 0);
  const runs = card.runs.slice(-DRAWN_RUNS).map(({ id, startedAt }): ChartRun => ({ id, day: isoDay(startedAt) }));
  const workloads = [...new Set(drawn.map(({ workload }) => workload))];
  return html`<section aria-labelledby="card-${index}">
<h2 id="card-${index}">${card.name}</h2>
<p class="under">${[card.vendor, card.backend, `on ${card.cpu}`, card.software && 'software adapter'].filter(Boolean).join(' · ')}</p>
<p class="quiet">${counted(card.runs.length, 'run')}, side by side in the order of time${card.runs.length > DRAWN_RUNS && `, the newest ${DRAWN_RUNS} of them`}. The scales do not begin at zero.</p>
${drawn.length === 0 ? html`<p>No measurement gave a rate.</p>` : key}
${workloads.map(
  (workload) => html`<h3>${workloadTitle(workload)}</h3>
${drawn.flatMap((one, i) => (one.workload === workload ? [figure(one, `history-${index}-${i}`, drawn, runs, changes)] : []))}`,
)}
</section>`;
}

const key = html`<ul class="key">
<li>${swatch('<circle cx="15" cy="7" r="3.5" fill="var(--ours)" stroke="var(--ours)" stroke-width="1.4"/>')}valid</li>
<li>${swatch('<circle cx="15" cy="7" r="3.5" fill="var(--paper)" stroke="var(--ours)" stroke-width="1.4"/>')}hollow: unreliable</li>
<li>${swatch('<path d="M15 1v12" stroke="var(--muted)" stroke-width="1.2"/>')}95 % interval of the run</li>
<li>${swatch('<path d="m12 4 6 6m0-6-6 6" stroke="var(--bad)" stroke-width="1.6"/>')}no figure</li>
<li>${swatch('<path d="M15 0v14" stroke="var(--ink)" stroke-width="1.3" stroke-dasharray="4 3"/>')}change: ▼ slower, ▲ faster</li>
<li>${swatch('<path d="M1 7h28" stroke="var(--ours)" stroke-opacity=".35" stroke-width="5"/>')}level</li>
</ul>`;

function swatch(drawing: string): Markup {
  return new Markup(`<svg viewBox="0 0 30 14" aria-hidden="true">${drawing}</svg>`);
}

function figure(
  one: HistorySeries,
  id: string,
  all: readonly HistorySeries[],
  runs: readonly ChartRun[],
  changes: readonly Numbered[],
): Markup {
  const newest = one.points.at(-1) as HistorySeries['points'][0];
  const figures = `${formatRate({ value: newest.value, unit: `${one.work.unit}/s` })} ${formatInterval(newest)}`;
  const numbers = one.changes.map((change) => changes.find((c) => c.change === change)?.number ?? 0);
  const told = one.changes.map((change, i) => `change ${numbers[i]}, ${change.direction}, ${isoDay(change.when)}`);
  const title = `Rates of ${one.implementation} over ${counted(one.points.length, 'run')}; newest ${figures}, ${newest.status}; ${told.join('; ') || 'no change of level'}.`;
  const svgs = (['wide', 'narrow'] as const).map(
    (size) => html`<div class="${size}">${historyChart(`${id}-${size}`, title, one, runs, numbers, size)}</div>`,
  );
  return html`
<figure><figcaption>${seriesName(one, all)} <span class="quiet">${counted(one.points.length, 'run')}, newest ${figures}</span> ${statusBadge(newest.status)}</figcaption>${svgs}</figure>`;
}
