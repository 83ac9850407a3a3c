import { groupByWorkload, headlines } from '../groups.js';
import { familyNames, workloadName } from '../names.js';
import type { Result } from '../schema.js';
import { formatInterval, formatRate } from '../units.js';
import { statusBadge } from './header.js';
import { html, type Markup } from './markup.js';

/** A part of the certificate's page; null where the result has nothing for it. */
type Section = (result: Result) => Markup | null;

/** What was found, in the order of the page. Curves and maps of a qualification are further entries here. */
const sections: readonly Section[] = [verdict, checks, figures];

export const certificateSections = (result: Result): (Markup | null)[] => sections.map((section) => section(result));

/** What of a verdict is a word or a number; `overall` and `grade` stand out. */
function verdict({ verdict }: Result): Markup | null {
  if (!verdict) return null;
  const entries = Object.entries(verdict).filter(
    (entry): entry is [string, string | number] => typeof entry[1] === 'string' || typeof entry[1] === 'number',
  );
  const large = entries.filter(([name]) => name === 'overall' || name === 'grade');
  const rest = entries.filter((entry) => !large.includes(entry));
  return html`<section aria-labelledby="verdict"><h2 id="verdict">Verdict</h2>
<p class="verdict">${large.map(([name, value]) => html`<span>${name === 'grade' ? `Grade ${value}` : value}</span>`)}</p>
${rest.length > 0 && html`<dl>${rest.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`}</section>`;
}

function checks({ checks }: Result): Markup | null {
  if (checks.length === 0) return null;
  return html`<section class="long" aria-labelledby="checks"><h2 id="checks">Checks</h2>
<div class="scroll"><table class="plain"><thead><tr><th scope="col">Check</th><th scope="col">Outcome</th><th scope="col">Reasons</th></tr></thead>
<tbody>${checks.map((c) => html`<tr><th scope="row">${c.id}</th><td>${c.status}</td><td>${c.reasons.map((r) => `${r.code}${r.detail && `: ${r.detail}`}`).join('; ') || '–'}</td></tr>`)}</tbody></table></div></section>`;
}

/** The best figure of each kernel, with its interval and status. */
function figures(result: Result): Markup | null {
  const families = Object.keys(familyNames);
  const shown = headlines(groupByWorkload(result)).sort(
    (a, b) => families.indexOf(a.group.family) - families.indexOf(b.group.family),
  );
  if (shown.length === 0) return null;
  return html`<section class="long" aria-labelledby="figures"><h2 id="figures">Measured rates</h2>
<div class="scroll"><table class="plain"><thead><tr><th scope="col">Workload</th><th scope="col">Implementation</th><th scope="col" class="number">Rate</th><th scope="col" class="number">Interval</th><th scope="col">Status</th></tr></thead>
<tbody>${shown.map(
    ({ group, shown: m }) =>
      html`<tr><th scope="row">${familyNames[group.family]}: ${workloadName(group.workload)}</th><td>${m.implementation}</td><td class="number">${formatRate(m.rate)}</td><td class="number">${formatInterval(m.rate)}</td><td>${statusBadge(m.status)}</td></tr>`,
  )}</tbody></table></div></section>`;
}
