import { summarySentences } from '../formats/summary.js';
import { groupByWorkload } from '../groups.js';
import { familyNames } from '../names.js';
import { type Result, SCHEMA_ID } from '../schema.js';
import { acrossSection } from './across.js';
import { header, notices } from './header.js';
import { type Content, html, Markup } from './markup.js';
import { measurementsSection } from './measurements.js';
import { modelsSection } from './models.js';
import { provenanceSection } from './provenance.js';
import { checksSection, curvesSection, memorySection, suitabilitySection, verdictSection } from './qualification.js';
import { ratesSection } from './rates.js';
import { rooflinesSection } from './rooflines.js';
import { roundsSection } from './rounds.js';
import { style } from './style.js';

/**
 * One result as one self-contained HTML page: no script, nothing fetched, light and dark, screen and
 * paper. The same result gives the same page, and nothing stands in it that the result does not say.
 */
export function renderPage(result: Result): string {
  const families = Object.keys(familyNames);
  const groups = groupByWorkload(result).sort((a, b) => families.indexOf(a.family) - families.indexOf(b.family));
  // The notice above the title says it already.
  const sentences = summarySentences(result).filter((s) => !s.startsWith('This was a software adapter'));
  return documentOf(
    `${result.device.name}, ${result.suite}: Assay`,
    html`${notices(result)}
<div class="page">
${header(result, groups, sentences.join(' ').replace(/^In mining, it/, 'In mining, this adapter'))}
<main>
${verdictSection(result)}
${suitabilitySection(result)}
${checksSection(result)}
${memorySection(result)}
${curvesSection(result)}
${acrossSection(result)}
${ratesSection(groups)}
${modelsSection(result)}
${rooflinesSection(result)}
${measurementsSection(result, groups)}
${roundsSection(groups)}
${provenanceSection(result)}
</main>
<footer><p>Made by ${result.tool.name} ${result.tool.version} from the result <span class="id">${result.id}</span> (${SCHEMA_ID}). A number is worth what its status says, no more.</p></footer>
</div>`,
  );
}

/**
 * The frame of every page of this project. The policy forbids scripts and anything from the network,
 * should something ever slip past the escaping.
 * @param ownStyle what a page adds to the common style sheet
 */
export function documentOf(title: string, body: Content, ownStyle = ''): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${new Markup(style + ownStyle)}</style>
</head>
<body>
${body}
</body>
</html>
`.html;
}
