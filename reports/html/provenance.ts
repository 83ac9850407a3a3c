import type { Result } from '../schema.js';
import { formatBytes, formatDuration, formatNs } from '../units.js';
import { day } from './header.js';
import { html, type Markup } from './markup.js';

type Fact = readonly [term: string, text: string | null];

/** Where the numbers come from: enough to ask for the same run again. What is unknown says so. */
export function provenanceSection(result: Result): Markup {
  return html`<section aria-labelledby="provenance">
<h2 id="provenance">Provenance</h2>
<div class="columns">
${list('Run', runFacts(result))}
${list('Device', deviceFacts(result))}
${list('Clock', clockFacts(result))}
${list('Host', hostFacts(result))}
</div>
${
  result.events.length > 0 &&
  html`<h3>What happened during the run</h3>
<dl>${result.events.map((e) => html`<dt>${formatDuration(e.tMs)}</dt><dd>${e.code}: ${e.detail}</dd>`)}</dl>`
}
${result.checks.length > 0 && checksTable(result)}
<h3>Adapter</h3>
<details><summary>${result.device.features.length} features</summary><p class="id">${result.device.features.join(', ') || 'none'}</p></details>
<details><summary>${Object.keys(result.device.limits).length} limits</summary><dl>${Object.entries(result.device.limits).map(([name, value]) => html`<dt class="id">${name}</dt><dd>${value}</dd>`)}</dl></details>
</section>`;
}

function list(title: string, facts: readonly Fact[]): Markup {
  return html`<div><h3>${title}</h3><dl>${facts.map(([term, text]) => html`<dt>${term}</dt><dd>${text ?? html`<span class="quiet">unknown</span>`}</dd>`)}</dl></div>`;
}

function runFacts({ id, suite, seed, startedAt, finishedAt, tool }: Result): Fact[] {
  const duration = finishedAt === null ? null : Date.parse(finishedAt) - Date.parse(startedAt);
  return [
    ['Result', id],
    ['Suite', `${suite}, seed ${seed}`],
    ['Started', `${day(startedAt)}, ${startedAt.slice(11, 19)} UTC`],
    ['Lasted', duration === null ? 'did not finish' : formatDuration(duration)],
    ['Tool', `${tool.name} ${tool.version}`],
    [
      'Commit',
      tool.commit === null ? null : `${tool.commit}${tool.dirty ? ', with changes that were not committed' : ''}`,
    ],
  ];
}

function deviceFacts({ device }: Result): Fact[] {
  const { identity, toggles } = device;
  return [
    ['Name', device.name],
    ['Kind', device.software ? 'software adapter, no hardware' : 'hardware adapter'],
    ['Vendor', [device.vendor, device.architecture].filter(Boolean).join(', ') || null],
    ['Driver', device.driver],
    ['Backend', device.backend],
    ['Memory', device.vramBytes === null ? null : formatBytes(device.vramBytes)],
    ['Power limit', device.powerLimitWatts === null ? null : `${device.powerLimitWatts} W`],
    ['PCI', identity && [identity.pciId, identity.subsystemId, identity.busAddress].filter(Boolean).join(', ')],
    ['VBIOS', identity?.vbios ?? null],
    ['Toggles', [...toggles.enabled, ...toggles.disabled.map((name) => `not ${name}`)].join(', ') || 'none'],
  ];
}

function clockFacts({ calibration: c }: Result): Fact[] {
  return [
    ['Clock', c.clock === 'gpu' ? "the GPU's timestamps" : "the host's"],
    ['Resolution', `${formatNs(c.resolutionNs)}${c.quantised ? ', quantised' : ''}`],
    ['Empty pass', `${formatNs(c.overheadNs)}, not subtracted`],
    ['Empty submission', `${formatNs(c.hostOverheadNs)} on the host's clock`],
  ];
}

function hostFacts({ host }: Result): Fact[] {
  return [
    ['System', `${host.os} ${host.kernel}`],
    ['Processor', host.cpu],
    ['Memory', formatBytes(host.memoryBytes)],
    ['Node', host.node],
  ];
}

function checksTable({ checks }: Result): Markup {
  return html`<h3>Checks</h3>
<table class="plain"><thead><tr><th scope="col">Check</th><th scope="col">Status</th><th scope="col">Reasons</th></tr></thead>
<tbody>${checks.map((c) => html`<tr><th scope="row">${c.id}</th><td>${c.status}</td><td>${c.reasons.map((r) => `${r.code}${r.detail && `: ${r.detail}`}`).join('; ') || '–'}</td></tr>`)}</tbody></table>`;
}
