import { bestBaseline, headlines, type RatedMeasurement, type WorkloadGroup } from '../groups.js';
import { familyNames, workloadHeading, workloadName } from '../names.js';
import { rehearsalWords } from '../qualification.js';
import type { Measurement, Result } from '../schema.js';
import { formatInterval, formatRate, formatShare } from '../units.js';
import { html, Markup } from './markup.js';

/** The status as a word with a mark of its own shape; the colour only repeats it. */
export function statusBadge(status: Measurement['status']): Markup {
  return html`<span class="status ${status}">${status}</span>`;
}

const warningSign = new Markup(
  '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 2.5 1.5 21h21z" fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round"/><path d="M12 9v6m0 2.2v.6" stroke="currentColor" stroke-width="2.2" stroke-linecap="round"/></svg>',
);

/** Above everything else: what would make the whole page mislead if it were overlooked. */
export function notices(result: Result): Markup {
  const { device, finishedAt } = result;
  const rehearsal = rehearsalWords(result);
  return html`${rehearsal !== null && html`<aside class="notice rehearsal"><div>${warningSign}<p><strong>REHEARSAL.</strong> ${rehearsal.replace('REHEARSAL: ', '')}</p></div></aside>`}${device.software && notice('Software adapter: these figures say nothing about hardware.', `${device.name} is a program that computes on the processor in place of a GPU. This page shows that the suite works and how its kernels compare with one another there, and nothing else.`)}${finishedAt === null && notice('This run did not finish.', 'What was complete when it stopped is shown; the rest is marked as failed or absent.')}`;
}

export function notice(title: string, text: string): Markup {
  return html`<aside class="notice"><div>${warningSign}<p><strong>${title}</strong> ${text}</p></div></aside>`;
}

export function header(result: Result, groups: readonly WorkloadGroup[], paragraph: string): Markup {
  const { device, suite, startedAt } = result;
  const under = [
    device.description !== device.name && device.description,
    device.driver && device.driver !== device.description && `driver ${device.driver}`,
    device.backend,
  ];
  return html`<header>
<p class="kicker"><b>Assay</b> · suite ${suite} · <time datetime="${startedAt}">${day(startedAt)}</time></p>
<h1>${device.name}</h1>
<p class="under">${under.filter(Boolean).join(' · ')}</p>
<p class="lead">${paragraph}</p>
${headlineFigures(groups)}
</header>`;
}

const SHOWN_FAMILIES: readonly WorkloadGroup['family'][] = ['mining', 'ai'];
const SHOWN_FIGURES = 6;

function headlineFigures(groups: readonly WorkloadGroup[]): Markup | null {
  const shown = SHOWN_FAMILIES.flatMap((family) => headlines(groups.filter((g) => g.family === family)));
  if (shown.length === 0) return null;
  return html`<ul class="headlines">${shown.slice(0, SHOWN_FIGURES).map(
    ({ group, shown: m }) => html`
<li><span class="what">${familyNames[group.family]}: ${workloadName(group.workload)}</span>
<span class="figure">${formatRate(m.rate)}</span>
<span class="against">${formatInterval(m.rate)}, ${statusBadge(m.status)}</span>
<span class="what">${against(m, bestBaseline(group))}</span></li>`,
  )}
</ul>`;
}

function against(m: RatedMeasurement, peer: RatedMeasurement | null): string {
  if (peer === null) return `${m.implementation}, no baseline to compare with`;
  if (peer === m) return `${m.implementation}, a baseline`;
  const ratio =
    m.versusBaseline?.peer === peer.implementation ? m.versusBaseline.ratio : m.rate.value / peer.rate.value;
  return `${m.implementation}, ${formatShare(ratio)} ${peer.implementation}`;
}

/** `23 November 2026`, in UTC as everything in a result. */
export function day(iso: string): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(iso));
}

/** A workload's name with its id, as captions and tables have it. */
export function workloadTitle(id: string): Markup {
  return html`<strong>${workloadHeading(id)}</strong> <span class="id">${id}</span>`;
}
