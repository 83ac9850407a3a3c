import { hashText, needsText } from '../formats/qualification.js';
import { keyFigures, missingWords, reasonWords } from '../qualification.js';
import type { Check, Result } from '../schema.js';
import { formatBytes } from '../units.js';
import { heatMap } from './heat-map.js';
import { html, type Markup } from './markup.js';
import { telemetryCurves } from './telemetry-chart.js';

/** What a qualification found, for the page and for the certificate. Null where the result is of a plain run. */

export function verdictSection({ verdict }: Result): Markup | null {
  if (!verdict) return null;
  const { overall, grade, because, level, policy, fault, challenge, rehearsal } = verdict;
  return html`<section aria-labelledby="verdict"><h2 id="verdict">Verdict</h2>
<p class="verdict ${overall.toLowerCase()}"><span>${overall}</span>${grade !== null && html`<span>Grade ${grade}</span>`}</p>
${rehearsal && html`<p class="rehearsal">REHEARSAL. It says nothing about any card.</p>`}
${because.length > 0 && html`<ul>${because.map((text) => html`<li>${text}</li>`)}</ul>`}
<dl><dt>Level</dt><dd>${level}</dd><dt>Policy</dt><dd>${policy.name}</dd>
${fault !== null && html`<dt>Fault put in</dt><dd>${fault}</dd>`}
${challenge !== null && html`<dt>Challenge</dt><dd><span class="id">${challenge}</span></dd>`}</dl></section>`;
}

export function suitabilitySection({ verdict }: Result): Markup | null {
  if (!verdict) return null;
  const { mining, ai } = verdict;
  const fits = (answer: boolean | null) => (answer === null ? 'not known' : answer ? 'fits' : 'does not fit');
  return html`<section class="long" aria-labelledby="suited"><h2 id="suited">What it is good for</h2>
<h3>Mining</h3><p>${mining.words}</p>
<div class="scroll"><table class="plain"><thead><tr><th scope="col">Algorithm</th><th scope="col" class="number">Memory</th><th scope="col">It</th><th scope="col" class="number">Rate</th></tr></thead>
<tbody>${mining.algorithms.map((a) => html`<tr><th scope="row">${a.name}</th><td class="number">${needsText(a.needsBytes)}</td><td>${fits(a.fits)}</td><td class="number">${hashText(a.hashesPerSecond)}</td></tr>`)}</tbody></table></div>
${mining.missing.length > 0 && html`<p class="quiet">${missingWords(mining.missing)}</p>`}
<h3>AI</h3><p>${ai.words}</p>
<div class="scroll"><table class="plain"><thead><tr><th scope="col">Model, with ${ai.contextTokens} tokens</th><th scope="col" class="number">Memory</th><th scope="col">It</th><th scope="col" class="number">Tokens per second</th></tr></thead>
<tbody>${ai.models.map((m) => html`<tr><th scope="row">${m.name} ${m.weights}</th><td class="number">${formatBytes(m.needsBytes)}</td><td>${fits(m.fits)}</td><td class="number">${m.tokensPerSecond === null ? 'not measured' : m.tokensPerSecond.toFixed(1)}</td></tr>`)}</tbody></table></div>
${ai.missing.length > 0 && html`<p class="quiet">${missingWords(ai.missing)}</p>`}</section>`;
}

export function checksSection({ checks }: Result): Markup | null {
  if (checks.length === 0) return null;
  return html`<section class="long" aria-labelledby="checks"><h2 id="checks">Checks</h2>
<div class="scroll"><table class="plain"><thead><tr><th scope="col">Check</th><th scope="col">Outcome</th><th scope="col">Figures</th><th scope="col">Reasons</th></tr></thead>
<tbody>${checks.map((check) => html`<tr><th scope="row">${check.id}</th><td><span class="status check-${check.status}">${check.status}</span></td><td>${keyFigures(check).join(', ') || '–'}</td><td>${reasonsOf(check)}</td></tr>`)}</tbody></table></div></section>`;
}

function reasonsOf(check: Check): Markup | string {
  const reasons = reasonWords(check);
  if (reasons.length === 0) return '–';
  return html`${reasons.map(({ code, sentence, detail }, i) => html`${i > 0 && html`<br>`}<b>${code}</b>: ${sentence}${detail && ` (${detail.split('\n')[0]})`}`)}`;
}

export function memorySection(result: Result): Markup | null {
  const map = heatMap(result.checks.find(({ id }) => id === 'memory')?.evidence);
  if (map === null) return null;
  return html`<section aria-labelledby="heat"><h2 id="heat">Memory map</h2>${map}</section>`;
}

export function curvesSection(result: Result): Markup | null {
  const curves = telemetryCurves(result.telemetry);
  if (curves === null) return null;
  return html`<section class="long" aria-labelledby="curves"><h2 id="curves">Readings</h2>${curves}</section>`;
}
