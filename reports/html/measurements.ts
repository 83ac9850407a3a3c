import { countByStatus, skippedAlike, type WorkloadGroup } from '../groups.js';
import { explainReason, reasonLabel } from '../reasons.js';
import { isNote, type Measurement, noteCodes, type Result } from '../schema.js';
import { formatComparison, formatInterval, formatNs, formatPercent, formatRate } from '../units.js';
import { statusBadge, workloadTitle } from './header.js';
import { html, type Markup, prose } from './markup.js';

const COLUMNS = 8;

/** Every measurement with its status, and under it why, as sentences with the next step. */
export function measurementsSection({ measurements }: Result, groups: readonly WorkloadGroup[]): Markup {
  const { valid, unreliable, failed, skipped } = countByStatus(measurements);
  return html`<section aria-labelledby="measurements">
<h2 id="measurements">All measurements</h2>
<p class="quiet">A kernel is timed only after its output was found right, and checked again after the timing. A rate is the median over rounds with its 95 % interval. Comparisons are paired by round on the host's clock; faster or slower is said only when the whole interval lies beyond ±1 %.</p>
<table class="measurements">
<caption>${measurements.length} measurements: ${valid} valid, ${unreliable} unreliable, ${failed} failed, ${skipped} skipped.</caption>
<thead><tr><th scope="col">Implementation</th><th scope="col" class="number">Rate</th><th scope="col" class="number">Interval</th><th scope="col">Of ceiling</th><th scope="col">Against best baseline</th><th scope="col">Largest error</th><th scope="col" class="number">Compiling</th><th scope="col">Status</th></tr></thead>
${groups.map(
  (group) => html`<tbody>
<tr class="group"><th scope="rowgroup" colspan="${COLUMNS}">${workloadTitle(group.workload)}</th></tr>
${skippedAlike(group, 'detail') ? gathered(group) : group.measurements.map((m) => html`${row(m)}${why(m)}`)}</tbody>
`,
)}</table>
${notes(measurements)}
</section>`;
}

function row(m: Measurement): Markup {
  const cells: [label: string, kind: string, text: string | null][] = [
    ['Rate', 'number rate', m.rate && formatRate(m.rate)],
    ['Interval', 'number', m.rate && formatInterval(m.rate)],
    ['Of ceiling', '', m.ceiling && `${formatPercent(m.ceiling.fraction)} of ${m.ceiling.of.split('/')[0]}`],
    ['Against baseline', '', m.versusBaseline && formatComparison(m.versusBaseline)],
    ['Largest error', 'error', largestError(m)],
    ['Compiling', 'number', m.compileMs === null ? null : formatNs(m.compileMs * 1e6)],
  ];
  return html`<tr class="row"><th scope="row">${m.implementation}</th>${cells.map(([label, kind, text]) =>
    text === null
      ? html`<td class="${kind} none">–</td>`
      : html`<td class="${kind}" data-label="${label}">${text}</td>`,
  )}<td data-label="Status">${statusBadge(m.status)}${m.reasons.filter(({ code }) => isNote(code)).map(({ code }) => html` <span class="note">${reasonLabel(code)}</span>`)}</td></tr>
`;
}

function why({ reasons }: Measurement): Markup | false {
  const faults = reasons.filter(({ code }) => !isNote(code));
  return (
    faults.length > 0 &&
    html`<tr class="why"><td colspan="${COLUMNS}"><ul>${faults.map((reason) => html`<li>${prose(explainReason(reason))}</li>`)}</ul></td></tr>
`
  );
}

/** One row for a workload that was skipped whole, for one reason. */
function gathered({ measurements }: WorkloadGroup): Markup {
  const names = measurements.map((m) => m.implementation).join(', ');
  return html`<tr class="row"><th scope="row" colspan="${COLUMNS - 1}">${names}</th><td data-label="Status">${statusBadge('skipped')}</td></tr>
${why(measurements[0] as Measurement)}`;
}

/** What the notes in the status column mean, for those that occur. */
function notes(measurements: readonly Measurement[]): Markup[] {
  return noteCodes
    .filter((code) => measurements.some((m) => m.reasons.some((reason) => reason.code === code)))
    .map(
      (code) =>
        html`<p class="quiet"><span class="note">${reasonLabel(code)}</span> ${prose(explainReason({ code, detail: '' }))}</p>`,
    );
}

function largestError({ correctness: { status, tolerance, maxError } }: Measurement): string | null {
  if (status === 'not-checked') return null;
  if (status === 'incorrect') return 'incorrect';
  if (tolerance.kind === 'exact') return 'exact';
  return maxError === null ? 'within bound' : maxError.toPrecision(2);
}
