import { groupByWorkload, headlines } from '../groups.js';
import { familyNames, workloadName } from '../names.js';
import type { Result } from '../schema.js';
import { formatInterval, formatRate } from '../units.js';
import { statusBadge } from './header.js';
import { html, type Markup } from './markup.js';
import { checksSection, curvesSection, memorySection, suitabilitySection, verdictSection } from './qualification.js';

/** A part of the certificate's page; null where the result has nothing for it. */
type Section = (result: Result) => Markup | null;

/** What was found, in the order of the page. */
const sections: readonly Section[] = [
  verdictSection,
  suitabilitySection,
  checksSection,
  memorySection,
  curvesSection,
  figures,
];

export const certificateSections = (result: Result): (Markup | null)[] => sections.map((section) => section(result));

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
