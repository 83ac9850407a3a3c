import pc from 'picocolors';
import { unknownName } from '../../harness/suggest.js';
import { type CardReference, cards, type Figure, type FigureStatus } from '../../reports/cards/index.js';
import { type Cell, layOut, leastWidth, type Row, wrapIndented } from '../../reports/formats/layout.js';
import { formatBytes, formatSi } from '../../reports/units.js';
import { jsonOutput, writeOutputs } from '../outputs.js';

type Field = keyof { [K in keyof CardReference as CardReference[K] extends Figure | null ? K : never]: true };

/** The columns: what a card is known for. */
const fields: readonly (readonly [field: Field, heading: string, title: string, words: (value: number) => string])[] = [
  ['vramBytes', 'memory', 'memory', formatBytes],
  ['memoryBytesPerSecond', 'bandwidth', 'memory bandwidth', (v) => formatSi(v, 'B/s')],
  ['f32FlopPerSecond', 'f32 FLOP/s', 'f32', (v) => formatSi(v, 'FLOP/s')],
  ['f16MatrixFlopPerSecond', 'f16 matrix', 'f16 on matrix units', (v) => formatSi(v, 'FLOP/s')],
  ['int32IopPerSecond', 'int32 IOP/s', 'int32', (v) => formatSi(v, 'IOP/s')],
  ['boardPowerWatts', 'power', 'board power', (v) => `${v}\u00a0W`],
  ['ethashHashesPerSecond', 'Ethash', 'Ethash', (v) => formatSi(v, 'H/s')],
  ['sha256HashesPerSecond', 'SHA-256', 'SHA-256 (hashcat 1400)', (v) => formatSi(v, 'H/s')],
];
/** Units that the headings name already. */
const HEADED = /\u00a0?(?:FLOP|IOP)\/s$/;
const marks: Readonly<Record<FigureStatus, string>> = {
  spec: '',
  'measured elsewhere': ' m',
  derived: ' d',
  unverified: ' u',
};

/**
 * `assay cards`: what is known about models of cards, every number with its status; of one card with its sources.
 * @returns the exit code
 */
export function listCards(id: string | undefined, { json }: { json?: string }): number {
  const chosen = id === undefined ? cards : cards.filter((card) => card.id === id);
  if (chosen.length === 0)
    throw unknownName(
      'card',
      id as string,
      cards.map((card) => card.id),
    );
  writeOutputs(jsonOutput(json), { schema: 'assay.cards/1', cards: chosen });
  if (json === '-') return 0;
  const width = Math.max(60, process.stdout.columns ?? 120);
  process.stdout.write(`${id === undefined ? table(width) : chosen.map((card) => inFull(card, width)).join('\n\n')}\n`);
  return 0;
}

function table(width: number): string {
  // A narrow terminal goes without some; a card in full has them all.
  const dispensable: readonly Field[] = ['int32IopPerSecond', 'f16MatrixFlopPerSecond', 'boardPowerWatts', 'vramBytes'];
  const choices = [0, 1, 2, 3, 4].map((n) => rowsOf(fields.filter(([f]) => !dispensable.slice(0, n).includes(f))));
  const rows = choices.find((choice) => leastWidth(choice) <= width) ?? (choices.at(-1) as Row[]);
  const legend =
    'A bare number is the maker’s specification; m measured elsewhere, d derived, u unverified, – not known. None was measured by this program. Sources: assay cards ID, or --json.';
  return `${layOut(rows, width)}\n\n${wrapIndented(legend, width, 0)}`;
}

function rowsOf(columns: typeof fields): Row[] {
  const head: Cell[] = [
    { text: 'card', paint: pc.dim },
    ...columns.map(([, heading]) => ({ text: heading, align: 'right' as const, paint: pc.dim })),
  ];
  const row = (card: CardReference): Cell[] => [
    { text: card.id, paint: pc.bold },
    ...columns.map(([field, , , words]) => ({ text: brief(card[field], words), align: 'right' as const })),
  ];
  return [head, ...cards.map(row)];
}

function brief(figure: Figure | null, words: (value: number) => string): string {
  // Two places for the mark, so that the numbers stand under each other.
  return figure === null ? '–\u00a0\u00a0' : words(figure.value).replace(HEADED, '') + mark(figure);
}

const mark = ({ status }: Figure) => (marks[status] || '  ').replaceAll(' ', '\u00a0');

function inFull(card: CardReference, width: number): string {
  const ids = [...card.pciIds, ...card.sharedPciIds.map((id) => `${id} (shared with other models)`)].join(', ');
  const names = [card.name, ...card.aliases].join(', ');
  const lines = fields.map(([field, , title, words]) => {
    const figure = card[field];
    if (figure === null) return `${title}: not known`;
    const upTo = figure.upTo === undefined ? '' : ` to ${words(figure.upTo)}`;
    const note = figure.note === undefined ? '' : ` ${figure.note}`;
    return `${title}: ${words(figure.value)}${upTo}, ${figure.status} (${figure.source}).${note}`;
  });
  return [
    pc.bold(card.id),
    ...[`names: ${names}`, `PCI: ${ids || 'none'}`, ...lines, ...(card.note === undefined ? [] : [card.note])].map(
      (line) => `  ${wrapIndented(line, width - 2, 4)}`,
    ),
  ].join('\n');
}
