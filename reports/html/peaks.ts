import type { CardReference, Figure, FoundCard } from '../cards/index.js';
import type { Roofline } from '../roofline.js';
import { formatSi } from '../units.js';
import { html, type Markup } from './markup.js';
import type { Peak, Peaks } from './roofline-scene.js';

/** What is known of the card's model in the units of a roofline chart. */
export function peaksOf(found: FoundCard | null, { kind, points, computeRoofs }: Roofline): Peaks {
  if (found === null) return { memory: null, compute: [] };
  const { card } = found;
  const peak = (label: string, figure: Figure | null): Peak[] => (figure ? [{ label, value: figure.value }] : []);
  // A peak of matrix units beside a chart in which nothing uses them would only press it flat.
  const halves = [...points.map((p) => p.workload), ...computeRoofs.map((roof) => roof.label)].some((name) =>
    name.includes('f16'),
  );
  return {
    memory: peak('memory', card.memoryBytesPerSecond)[0] ?? null,
    compute:
      kind === 'integer'
        ? peak('int32', card.int32IopPerSecond)
        : [...peak('f32', card.f32FlopPerSecond), ...(halves ? peak('f16 matrix', card.f16MatrixFlopPerSecond) : [])],
  };
}

const rows: readonly (readonly [title: string, figure: (card: CardReference) => Figure | null, unit: string])[] = [
  ['Memory bandwidth', (card) => card.memoryBytesPerSecond, 'B/s'],
  ['f32', (card) => card.f32FlopPerSecond, 'FLOP/s'],
  ['f16 on matrix units', (card) => card.f16MatrixFlopPerSecond, 'FLOP/s'],
  ['int32', (card) => card.int32IopPerSecond, 'IOP/s'],
];

/** The reference figures with what each rests on. */
export function peaksTable({ card, by }: FoundCard): Markup {
  return html`<h3>Reference peaks</h3>
<p class="quiet">Of the model ${card.name}, as this device ${by === 'pci-id' ? 'is by its PCI id' : 'calls itself'}. Nobody measured them here.${card.note && ` ${card.note}`}</p>
<table class="plain"><thead><tr><th scope="col">Peak</th><th scope="col" class="number">Figure</th><th scope="col">Kind</th><th scope="col">Source</th></tr></thead>
<tbody>${rows.map(([title, of, unit]) => {
    const figure = of(card);
    return figure
      ? html`<tr><th scope="row">${title}</th><td class="number">${formatSi(figure.value, unit)}</td><td>${figure.status}</td><td>${figure.source}${figure.note && `. ${figure.note}`}</td></tr>`
      : html`<tr><th scope="row">${title}</th><td class="number">–</td><td colspan="2">not known</td></tr>`;
  })}</tbody></table>`;
}
