/** What the certificate adds to the common style sheet: a sheet of A4, on screen too. */
export const certificateStyle = `
.certificate { max-width: 52rem; }
.certificate h2 { font-size: 1.15rem; margin: 1.8rem 0 0.3rem; padding-top: 0.5rem; border-top: 1px solid var(--ink); }
.certificate .lead { margin-top: 1rem; }
.seal { display: grid; grid-template-columns: 9.5rem minmax(0, 1fr); gap: 0.5rem 1.6rem; align-items: start; margin: 1.4rem 0 0; padding: 1rem; border: 2px solid var(--ink); }
.seal .qr { display: block; width: 100%; height: auto; }
.seal figure { margin: 0; }
.seal figcaption { color: var(--muted); font-size: 0.75rem; line-height: 1.3; margin-top: 0.35rem; }
.certificate dl { align-content: start; align-items: baseline; }
.seal dl { margin: 0; grid-template-columns: max-content minmax(0, 1fr); }
.hex { font-family: var(--mono); font-size: 0.86em; white-space: pre-line; overflow-wrap: anywhere; }
.verdict { font: 600 1.6rem/1.2 var(--serif); margin: 0.4rem 0 0; }
.verdict span + span { margin-left: 1.4rem; }
.bounds { display: grid; grid-template-columns: repeat(auto-fit, minmax(18rem, 1fr)); gap: 0 2.4rem; }
.bounds ul { margin: 0.4rem 0 0; padding: 0 0 0 1.1rem; font-size: 0.875rem; line-height: 1.45; }
.bounds li { margin: 0.25rem 0; }
.bounds h3, .certificate h3 { font-size: 1rem; margin-top: 0.6rem; }
.commands { font: 0.78rem/1.6 var(--mono); background: var(--panel); padding: 0.6rem 0.9rem; margin: 0.6rem 0 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.certificate footer { margin-top: 1.6rem; padding-top: 0.6rem; }
@media screen and (max-width: 36rem) {
  .seal { grid-template-columns: minmax(0, 1fr); }
  .seal figure { max-width: 11rem; }
}
@media print {
  @page { size: A4; margin: 11mm 15mm; }
  .notice { margin-bottom: 0.6rem; }
  .notice > div { max-width: none; padding: 2.5mm 4mm; gap: 3mm; }
  .notice p { font-size: 8.6pt; line-height: 1.4; max-width: none; }
  .notice strong { font-size: 11pt; }
  .certificate p { max-width: none; margin: 0.3rem 0; }
  .certificate .kicker, .certificate .under, .certificate .quiet { font-size: 8.6pt; }
  .certificate dd .quiet { font-size: inherit; }
  .certificate thead th { font-size: 7.8pt; }
  .certificate .verdict { font-size: 16pt; }
  .certificate h3 { font-size: 9.5pt; margin-top: 0.3rem; }
  .certificate h1 { font-size: 20pt; }
  .certificate .lead { font-size: 10.5pt; line-height: 1.4; margin-top: 0.5rem; }
  .certificate h2 { font-size: 12pt; margin-top: 0.6rem; padding-top: 0.25rem; break-after: avoid; }
  .certificate section, .seal { break-inside: avoid; }
  .certificate section.long { break-inside: auto; }
  .certificate dl { font-size: 8.6pt; gap: 0.12rem 1rem; line-height: 1.35; margin-top: 0.3rem; }
  .certificate .plain { font-size: 8.2pt; margin-top: 0.2rem; }
  .certificate .plain th, .certificate .plain td { padding: 0.1rem 0.7rem 0.1rem 0; }
  .certificate .plain .status { font-size: 8.2pt; }
  .seal { grid-template-columns: 34mm minmax(0, 1fr); padding: 2.5mm 3.5mm; margin-top: 0.5rem; }
  .seal .qr { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .seal figcaption { font-size: 6.5pt; }
  .bounds { grid-template-columns: 2fr 3fr; gap: 0 8mm; }
  .bounds ul { font-size: 8.2pt; line-height: 1.35; }
  .bounds li { margin: 0.12rem 0; }
  .commands { font-size: 7.4pt; border: 1px solid var(--rule); padding: 2mm; }
  .certificate .columns { grid-template-columns: 2fr 3fr; gap: 0 8mm; }
  .certificate footer { font-size: 7.6pt; margin-top: 0.4rem; padding-top: 0.1rem; break-before: avoid; }
  .certificate footer p { margin: 0; }
}
`;
