import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { Certificate } from '../certificate/certify.js';
import { DOES_NOT_PROVE, PROVES } from '../certificate/explain.js';
import { type Statement, subjectOf } from '../certificate/statement.js';
import type { Result } from '../schema.js';
import { formatBytes } from '../units.js';
import { certificateSections } from './certificate-sections.js';
import { certificateStyle } from './certificate-style.js';
import { day, notices } from './header.js';
import { html, type Markup } from './markup.js';
import { documentOf } from './page.js';
import { qrCode } from './qr.js';

export interface CertificateFiles {
  readonly result: string;
  readonly certificate: string;
}

/**
 * A certificate as a page for paper: which card, what was found, whose word it is, how to check it, and what it does not
 * prove. Everything on it stands in the certificate or in the result.
 */
export function renderCertificate(
  { statement }: Pick<Certificate, 'statement'>,
  result: Result,
  files: CertificateFiles,
): string {
  const { kind, card, issuedAt, result: about } = statement.predicate;
  const under = [card.driver && `driver ${card.driver}`, card.backend, card.vendor].filter(Boolean);
  return documentOf(
    `${card.name}: certificate of ${kind}`,
    html`${notices(result)}
<div class="page certificate">
<header>
<p class="kicker"><b>Assay</b> · certificate of ${kind} · <time datetime="${issuedAt}">${day(issuedAt)}</time></p>
<h1>${card.name}</h1>
<p class="under">${under.join(' · ')}</p>
<p class="lead">${lead(statement)}</p>
</header>
<main>
${seal(statement)}
${identity(statement)}
${certificateSections(result)}
${bounds()}
${howToCheck(statement, files)}
</main>
<footer><p>Made by ${result.tool.name} ${result.tool.version}. This sheet is a copy for reading: what counts is the certificate file, checked against the result <span class="id">${about.id}</span>.</p></footer>
</div>`,
    certificateStyle,
  );
}

function lead({ predicate: { kind, result } }: Statement): string {
  const when = `${result.suite === kind ? '' : `suite ${result.suite}, `}${day(result.startedAt)}`;
  return kind === 'measurement'
    ? `The holder of the key below vouches that Assay measured this (${when}) and wrote the result whose digest is below. A measurement has no verdict on the card.`
    : `The holder of the key below vouches that Assay tested this (${when}) and wrote the result whose digest is below.`;
}

/** What ties paper, certificate and result together. */
function seal(statement: Statement): Markup {
  const { signer, issuedAt, validUntil, challenge, journal, policySha256 } = statement.predicate;
  const digest = subjectOf(statement);
  const fingerprint = createHash('sha256').update(Buffer.from(signer.publicKey, 'base64')).digest('hex');
  const time = (iso: string) => `${day(iso)}, ${iso.slice(11, 19)} UTC`;
  return html`<div class="seal">
<figure>${qrCode(`sha256:${digest}`, 'QR code of the result’s SHA-256')}<figcaption>The result’s SHA-256</figcaption></figure>
<dl>
<dt>Result’s SHA-256</dt><dd class="hex">${grouped(digest)}</dd>
<dt>Key’s fingerprint</dt><dd class="hex">${grouped(fingerprint)}</dd>
<dt>Issued</dt><dd>${time(issuedAt)}</dd>
<dt>Valid</dt><dd>${validUntil === null ? 'without end' : `until ${time(validUntil)}`}</dd>
<dt>Challenge</dt><dd>${challenge === null ? 'none was asked for' : html`<span class="id">${challenge}</span>`}</dd>
<dt>Journal</dt><dd>${journal === null ? 'the result keeps no hash of it' : html`${journal.lines} lines, the last with SHA-256 <span class="id">${journal.sha256Head}</span>`}</dd>
${policySha256 !== null && html`<dt>Policy</dt><dd>SHA-256 <span class="id">${policySha256}</span></dd>`}
</dl>
</div>`;
}

/** Eight digits at a time and two lines, as one can read them out. */
const grouped = (hex: string) =>
  (hex.match(/.{1,32}/g) ?? []).map((half) => half.replace(/.{8}(?=.)/g, '$& ')).join('\n');

function identity({ predicate: { card, tool, result } }: Statement): Markup {
  const facts: [term: string, text: string | null][] = [
    ['Kind', card.software ? 'software adapter, no hardware' : 'hardware adapter'],
    ['PCI', card.pciId],
    ['Subsystem', card.subsystemId],
    ['VBIOS', card.vbios],
    ['Identifier', card.uuidHash && `${card.uuidHash} (hash)`],
    ['Memory', card.vramBytes === null ? null : formatBytes(card.vramBytes)],
    ['Tested', `${day(result.startedAt)}${result.finishedAt === null ? ', did not finish' : ''}`],
    [
      'Tool',
      `${tool.name} ${tool.version}${tool.commit === null ? '' : `, ${tool.commit}`}${tool.dirty ? ' with changes that were not committed' : ''}`,
    ],
  ];
  const list = (some: typeof facts) =>
    html`<dl>${some.map(([term, text]) => html`<dt>${term}</dt><dd>${text ?? html`<span class="quiet">unknown</span>`}</dd>`)}</dl>`;
  return html`<section aria-labelledby="card"><h2 id="card">The card</h2><div class="columns">${list(facts.slice(0, 4))}${list(facts.slice(4))}</div></section>`;
}

function bounds(): Markup {
  const list = (title: string, items: readonly string[]) =>
    html`<div><h3>${title}</h3><ul>${items.map((item) => html`<li>${item}</li>`)}</ul></div>`;
  return html`<section aria-labelledby="worth"><h2 id="worth">What this is worth</h2>
<div class="bounds">${list('It proves', PROVES)}${list('It does not prove', DOES_NOT_PROVE)}</div></section>`;
}

function howToCheck({ predicate: { challenge } }: Statement, files: CertificateFiles): Markup {
  const [result, certificate] = [basename(files.result), basename(files.certificate)];
  const asked = challenge === null ? '' : ` --challenge ${quoted(challenge)}`;
  return html`<section aria-labelledby="check"><h2 id="check">How to check it</h2>
<p class="quiet">Have both files, and the fingerprint from the seller by another way than this sheet. The second command compares the result with the QR code alone.</p>
<pre class="commands">assay verify ${quoted(certificate)} ${quoted(result)} --fingerprint HEX${asked}
sha256sum ${quoted(result)}</pre></section>`;
}

/** As a shell takes it for one word. */
const quoted = (text: string) => (/^[\w./:@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
