import { type CompareDocument, type ComparedPair, gotWorse } from '../../compare-document.js';
import { formatRate } from '../../units.js';
import { ratioText } from '../check/words.js';
import { type JunitCase, junitXml } from '../junit-xml.js';
import type { CompareExporter } from './exporter.js';

/**
 * JUnit XML of a comparison: a suite for each file after the first, a test case for each implementation on each workload.
 * What got worse on the same card is a failure, what is not compared is skipped; between two cards slower passes, since
 * neither is a regression of the other. A file of which nothing could be compared has a failure of its own.
 */
export const compareJunitExporter: CompareExporter = {
  name: 'junit',
  extension: 'xml',
  render: ({ first, minEffect, comparisons }) =>
    junitXml(
      'assay compare',
      comparisons.map((second) => ({
        ...{ name: second.file, timestamp: second.startedAt },
        properties: {
          ...{ first: `${first.file}: ${first.device.name}`, second: `${second.file}: ${second.device.name}` },
          ...{ 'same card': String(second.sameDevice), 'least effect': String(minEffect) },
        },
        cases: [
          ...second.compared.map((one) => caseOf(one, second)),
          ...(second.compared.some(({ ratio }) => ratio !== null) ? [] : [nothing(second.file)]),
        ],
      })),
    ),
};

function caseOf(one: ComparedPair, { sameDevice }: CompareDocument['comparisons'][number]): JunitCase {
  const { workload, implementation, from, to, ratio, verdict, refusal, notes } = one;
  const kind = gotWorse(one, sameDevice) ? 'failure' : ratio === null ? 'skipped' : null;
  const rate = (side: ComparedPair['from']) => (side?.rate ? formatRate(side.rate) : 'no rate');
  const figures = ratio && `second ÷ first ${ratioText(ratio)}; ${rate(from)} in the first, ${rate(to)} in the second`;
  const text = [kind === null ? verdict : null, figures, refusal, ...notes].filter((line) => line !== null).join('\n');
  const message = ratio ? `${verdict}: second ÷ first ${ratioText(ratio)}` : `not compared: ${refusal}`;
  return {
    ...{ name: implementation, suite: workload, seconds: null },
    outcome: kind && { kind, type: verdict ?? 'not-compared', message },
    text: text.replaceAll('\u00a0', ' '),
  };
}

const nothing = (file: string): JunitCase => ({
  ...{ name: 'compares something', suite: file, seconds: null, text: '' },
  outcome: { kind: 'failure', type: 'nothing-compared', message: 'Nothing could be compared.' },
});
