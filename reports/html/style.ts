/** The page's one style sheet: light and dark, screen and paper, wide and narrow. No fonts are fetched. */
export const style = `
:root {
  color-scheme: light dark;
  --paper: #fbfaf6; --panel: #f3f0e8; --ink: #1e1b16; --muted: #655f54; --rule: #dfd9cc;
  --ours: #a84f17; --peer: #56697c; --good: #2c6636; --doubt: #855400; --bad: #a02020;
  --warn: #ffe9b8; --warn-ink: #4a3000; --warn-edge: #c98a00;
  --serif: "Iowan Old Style", "Palatino Linotype", Palatino, "Book Antiqua", Georgia, serif;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  --mono: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #16140f; --panel: #211e18; --ink: #ece7db; --muted: #a49c8c; --rule: #37322a;
    --ours: #e58b4c; --peer: #93a8bd; --good: #86c48f; --doubt: #e3b25a; --bad: #f08a80;
    --warn: #3b2c08; --warn-ink: #ffe2a0; --warn-edge: #c98a00;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 var(--sans); font-variant-numeric: tabular-nums; }
.page { max-width: 58rem; margin: 0 auto; padding: 2.75rem 1.5rem 4rem; }
h1, h2, h3 { font-family: var(--serif); font-weight: 600; line-height: 1.15; text-wrap: balance; overflow-wrap: anywhere; margin: 0; }
h1 { font-size: clamp(1.9rem, 1.2rem + 3vw, 3rem); letter-spacing: -0.015em; }
h2 { font-size: 1.55rem; margin: 3.5rem 0 0.4rem; padding-top: 0.9rem; border-top: 2px solid var(--ink); }
h3 { font-size: 1.2rem; margin: 2.2rem 0 0; }
h3 + figure { margin-top: 0.9rem; }
p { margin: 0.6rem 0; max-width: 42rem; }
.markdown { font: 0.78rem/1.5 var(--mono); overflow-x: auto; background: var(--panel); padding: 0.8rem 1rem; margin: 1rem 0 0; }
code, .id { font-family: var(--mono); font-size: 0.86em; overflow-wrap: anywhere; }
.kicker { margin: 0 0 0.7rem; color: var(--muted); font-size: 0.875rem; max-width: none; }
.kicker b { color: var(--ours); font-weight: 600; }
.under { margin: 0.5rem 0 0; color: var(--muted); max-width: none; overflow-wrap: anywhere; }
.lead { font: 1.2rem/1.55 var(--serif); margin: 1.5rem 0 0; max-width: 46rem; overflow-wrap: anywhere; }
.quiet { color: var(--muted); font-size: 0.9rem; }
.notice { background: var(--warn); color: var(--warn-ink); border-bottom: 3px solid var(--warn-edge); }
.notice > div { max-width: 58rem; margin: 0 auto; padding: 0.95rem 1.5rem; display: flex; gap: 0.9rem; align-items: flex-start; }
.notice svg { flex: none; width: 1.7rem; height: 1.7rem; margin-top: 0.1rem; }
.notice p { margin: 0; max-width: 50rem; }
.notice strong { display: block; font-size: 1.1rem; }
.headlines { display: grid; grid-template-columns: repeat(auto-fit, minmax(13.5rem, 1fr)); gap: 1.5rem 2.25rem; list-style: none; margin: 2.2rem 0 0; padding: 0; }
.headlines li { border-top: 1px solid var(--rule); padding-top: 0.8rem; min-width: 0; }
.headlines .figure { font: 600 1.95rem/1.1 var(--serif); letter-spacing: -0.01em; display: block; margin: 0.15rem 0 0.35rem; white-space: nowrap; }
.headlines .what, .headlines .against { display: block; font-size: 0.9rem; overflow-wrap: anywhere; }
.headlines .what { color: var(--muted); }
.status { white-space: nowrap; font-weight: 600; font-size: 0.875rem; }
.status::before { display: inline-block; width: 1.15em; font-weight: 700; }
.status.valid { color: var(--good); } .status.valid::before { content: "\\2713"; }
.status.unreliable { color: var(--doubt); } .status.unreliable::before { content: "?"; }
.status.failed { color: var(--bad); } .status.failed::before { content: "\\00d7"; }
.status.skipped { color: var(--muted); } .status.skipped::before { content: "\\2013"; }
.status.slower { color: var(--bad); } .status.slower::before { content: "\\25bc"; font-size: 0.8em; }
.status.faster { color: var(--good); } .status.faster::before { content: "\\25b2"; font-size: 0.8em; }
.notice.rehearsal { background: #a02020; color: #fff; }
p.rehearsal { color: var(--bad); font-weight: 700; }
.verdict { font: 600 1.6rem/1.2 var(--serif); margin: 0.4rem 0 0; }
.verdict span + span { margin-left: 1.4rem; }
.verdict.pass span:first-child, .status.check-pass { color: var(--good); }
.verdict.fail span:first-child, .status.check-fail { color: var(--bad); font-weight: 700; }
.verdict.inconclusive span:first-child, .status.check-warn, .status.check-inconclusive { color: var(--doubt); }
.status.check-skipped { color: var(--muted); }
.status.check-pass::before { content: "\\25cf"; } .status.check-fail::before { content: "\\2716"; } .status.check-warn::before, .status.check-inconclusive::before { content: "\\25b2"; } .status.check-skipped::before { content: "\\25cb"; }
.heat .sound { fill: var(--rule); } .heat .hot { fill: var(--bad); } .heat .hot-0 { fill-opacity: 0.45; } .heat .hot-1 { fill-opacity: 0.6; } .heat .hot-2 { fill-opacity: 0.75; } .heat .suspect { stroke: var(--doubt); stroke-width: 2; }
.curve { color: var(--ours); }
td.error, .keep { white-space: nowrap; }
.note { display: inline-block; font-size: 0.78rem; color: var(--muted); border: 1px solid var(--rule); border-radius: 3px; padding: 0 0.35em; white-space: nowrap; }
.key { display: flex; flex-wrap: wrap; gap: 0.3rem 1.6rem; list-style: none; margin: 0.9rem 0 0; padding: 0; font-size: 0.875rem; color: var(--muted); }
.key li { display: flex; align-items: center; gap: 0.5rem; }
.key svg { width: 30px; height: 14px; flex: none; }
figure { margin: 1.9rem 0 0; }
figcaption { margin-bottom: 0.35rem; }
figcaption strong { display: block; }
figcaption .id { color: var(--muted); }
.chart { display: block; width: 100%; height: auto; overflow: visible; font-family: var(--sans); fill: var(--ink); color: var(--ink); }
.chart text { white-space: pre; }
figure .narrow { display: none; }
.small { max-width: 27rem; }
.patterns { position: absolute; }
.hatch-ground { fill: var(--paper); }
.hatch-line { fill: var(--peer); }
.measurements, .plain { width: 100%; border-collapse: collapse; font-size: 0.9rem; margin-top: 1.2rem; }
caption { text-align: left; color: var(--muted); font-size: 0.9rem; padding-bottom: 0.5rem; }
th, td { text-align: left; padding: 0.5rem 0.9rem 0.5rem 0; vertical-align: baseline; }
thead th { font-weight: 600; font-size: 0.82rem; color: var(--muted); border-bottom: 1px solid var(--ink); }
tbody th { font-weight: 500; }
.measurements tr.group th { padding-top: 1.5rem; font-weight: 600; border-bottom: 1px solid var(--rule); }
.measurements tr.group .id { color: var(--muted); font-weight: 400; }
.measurements tr.row > * { border-top: 1px solid var(--rule); }
.measurements tr.group + tr.row > * { border-top: 0; }
.measurements tr.why td { padding-top: 0; color: var(--muted); font-size: 0.85rem; }
.measurements tr.why li { max-width: 46rem; }
.measurements tr.why ul { margin: 0; padding: 0; list-style: none; }
.number { text-align: right; white-space: nowrap; }
thead th.number { white-space: normal; }
td.rate { font-weight: 600; }
.scroll { overflow-x: auto; }
details { border-top: 1px solid var(--rule); padding: 0.55rem 0; }
h3 + details { margin-top: 0.7rem; }
details:last-of-type { border-bottom: 1px solid var(--rule); }
summary { cursor: pointer; padding: 0.2rem 0; overflow-wrap: anywhere; }
summary .id { color: var(--muted); }
summary:focus-visible, a:focus-visible { outline: 2px solid var(--ours); outline-offset: 3px; }
.inside { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1.15fr); gap: 0.5rem 2.5rem; padding: 0.5rem 0 1rem; }
.plain { font-size: 0.82rem; margin-top: 0.4rem; }
.plain th, .plain td { padding: 0.2rem 0.8rem 0.2rem 0; }
dl { display: grid; grid-template-columns: minmax(7rem, max-content) minmax(0, 1fr); gap: 0.3rem 1.4rem; margin: 0.7rem 0 0; font-size: 0.9rem; }
.inside dl { font-size: 0.82rem; gap: 0.2rem 1rem; margin-top: 0.4rem; }
dt { color: var(--muted); }
dd { margin: 0; overflow-wrap: anywhere; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: 0 3rem; }
footer { margin-top: 4rem; padding-top: 1rem; border-top: 1px solid var(--rule); color: var(--muted); font-size: 0.85rem; }
@media screen and (max-width: 56rem) {
  caption { display: block; }
  .measurements thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .measurements, .measurements tbody, .measurements tr, .measurements th, .measurements td { display: block; }
  .measurements tr.row { padding: 0.55rem 0; border-top: 1px solid var(--rule); }
  .measurements tr.group + tr.row { border-top: 0; }
  .measurements tr.row > *, .measurements tr.why td { border: 0; padding: 0.06rem 0; text-align: left; white-space: normal; }
  .measurements tr.why { padding-bottom: 0.7rem; }
  .measurements tr.row td[data-label]::before { content: attr(data-label); display: inline-block; width: 8.2rem; color: var(--muted); font-weight: 400; }
  .measurements td.none { display: none !important; }
}
@media screen and (max-width: 44rem) {
  .page { padding: 1.75rem 1.1rem 3rem; }
  .notice > div { padding: 0.9rem 1.1rem; }
  .lead { font-size: 1.1rem; }
  figure .wide { display: none; }
  figure .narrow { display: block; }
  .inside, .columns { grid-template-columns: minmax(0, 1fr); }
}
@media print {
  :root {
    color-scheme: light;
    --paper: #fff; --panel: #fff; --ink: #000; --muted: #444; --rule: #bbb; --ours: #8a3f10; --peer: #445566;
    --good: #1f5a2a; --doubt: #6a4200; --bad: #8a1010; --warn: #fff; --warn-ink: #000;
  }
  @page { margin: 16mm 14mm; }
  body { font-size: 10pt; }
  .page { max-width: none; padding: 0; }
  .notice { border: 2px solid #000; margin-bottom: 1rem; }
  h2 { margin-top: 1.8rem; break-after: avoid; }
  h3, figcaption, caption { break-after: avoid; }
  tr.group { break-after: avoid; }
  figure, tr, .headlines li { break-inside: avoid; }
  .hatch-line, .chart, .status { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  details:not([open]) { display: none; }
  .measurements { font-size: 8.2pt; }
  .measurements .status, .measurements thead th, .measurements tr.why td { font-size: 8.2pt; }
  .note { font-size: 7pt; }
  .measurements th, .measurements td { padding: 0.3rem 0.6rem 0.3rem 0; }
  .headlines { grid-template-columns: repeat(3, 1fr); }
  .headlines .figure { font-size: 1.5rem; }
  .print-note { display: block !important; }
}
.print-note { display: none; }
`;
