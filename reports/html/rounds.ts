import { isVerified, type WorkloadGroup } from '../groups.js';
import type { Measurement } from '../schema.js';
import { median } from '../statistics/index.js';
import { isTuned, tuningText } from '../tuning.js';
import { formatBytes, formatNs, formatPercent } from '../units.js';
import { type RoundPoint, roundsChart } from './charts.js';
import { html, type Markup } from './markup.js';

/** For every measurement with rounds how it was made and what each round said, folded. */
export function roundsSection(groups: readonly WorkloadGroup[]): Markup {
  const measurements = groups.flatMap((group) => [...group.measurements]);
  const timed = measurements.filter((m) => m.rounds.some((round) => round.samplesNs.length > 0));
  return html`<section aria-labelledby="rounds">
<h2 id="rounds">Rounds</h2>
<p class="quiet">Implementations of one workload take turns, round by round, in alternating order. Every sample is kept in the result file; nothing is trimmed.</p>
<p class="quiet print-note">The rounds are left out on paper.</p>
${timed.map(details)}
</section>`;
}

function details(m: Measurement, i: number): Markup {
  const points = m.rounds.filter((round) => round.samplesNs.length > 0).map(roundPoint);
  const samples = m.rounds.reduce((sum, round) => sum + round.samplesNs.length, 0);
  const medianNs = m.summary?.medianNs || (points.length > 0 ? median(points.map((p) => p.median)) : 0);
  const title = `Rounds of ${m.implementation} in percent off the median, in time order.`;
  return html`<details><summary>${m.implementation} <span class="id">${m.workload}</span> <span class="quiet">${m.rounds.length} rounds, ${samples} samples</span></summary>
<div class="inside"><div class="small">${medianNs > 0 && roundsChart(`rounds-${i}`, title, points, medianNs)}
<table class="plain"><thead><tr><th scope="col">Round</th><th scope="col" class="number">Median</th><th scope="col" class="number">Least</th><th scope="col" class="number">Greatest</th><th scope="col">Excluded</th></tr></thead>
<tbody>${points.map((p, at) => html`<tr><th scope="row">${at + 1}</th><td class="number">${formatNs(p.median)}</td><td class="number">${formatNs(p.low)}</td><td class="number">${formatNs(p.high)}</td><td>${m.rounds[at]?.excluded ?? '–'}</td></tr>`)}</tbody></table></div>
<dl>${facts(m).map(([term, text]) => text !== null && html`<dt>${term}</dt><dd>${text}</dd>`)}</dl></div></details>
`;
}

function facts(m: Measurement): [string, string | null][] {
  const { summary: s, correctness: c } = m;
  const origin = isTuned(m) ? ', found by assay tune' : '';
  return [
    ['Made by', m.provenance],
    ['Tuning', Object.keys(m.tuning).length > 0 ? tuningText(m) + origin : null],
    ['Mode', m.mode],
    ['Clock', clockWords(m)],
    ['Executions', isVerified(m) ? `${m.batch} per sample, ${m.inputSets} input sets in rotation` : null],
    ['Compiling', m.compileMs === null ? null : `${formatNs(m.compileMs * 1e6)} from source to pipeline`],
    ['Device memory', m.deviceBytes === null ? null : `${formatBytes(m.deviceBytes)}, all input sets included`],
    ['One execution', s && `${formatNs(s.medianNs)} (${formatNs(s.lowNs)} to ${formatNs(s.highNs)})`],
    ['Quartiles', s && `${formatNs(s.q1Ns)} and ${formatNs(s.q3Ns)}, 95th percentile ${formatNs(s.p95Ns)}`],
    ['Spread', s && `median absolute deviation ${formatNs(s.madNs)}, ${s.outliers} outliers kept`],
    ['Drift', s && `${formatPercent(s.driftPercent / 100)} from first to last round`],
    ['Judged', `${c.method}, seeds ${c.seeds.join(', ') || 'none'}`],
    [
      'Tolerance',
      c.tolerance.kind === 'exact' ? 'exact' : `${c.tolerance.bound.toPrecision(2)}: ${c.tolerance.reason}`,
    ],
    ['Largest error', c.maxError === null ? null : c.maxError.toPrecision(2)],
    ['Energy', m.energy && `${m.energy.joulesPerUnit.toPrecision(3)} J per ${m.work.unit} (${m.energy.source})`],
  ];
}

function clockWords(m: Measurement): string {
  if (!isVerified(m)) return "the other program's own";
  return m.clock === 'gpu' ? "the GPU's timestamps" : "the host's, submission to completion";
}

function roundPoint({ order, samplesNs, excluded }: Measurement['rounds'][number]): RoundPoint {
  const [low, high] = [Math.min(...samplesNs), Math.max(...samplesNs)];
  return { order, median: median(samplesNs), low, high, excluded: excluded !== undefined };
}
