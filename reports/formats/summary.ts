import {
  bestBaseline,
  countByStatus,
  groupByWorkload,
  type Headline,
  headlines,
  isRated,
  isVerified,
  type RatedMeasurement,
  type WorkloadGroup,
} from '../groups.js';
import { workloadName } from '../names.js';
import type { Measurement, Result } from '../schema.js';
import { formatShare, spokenRate } from '../units.js';
import type { Exporter } from './exporter.js';

/** Clauses in one sentence; more are counted. */
const CLAUSES = 4;

/** One paragraph that a person understands, made from the result and nothing else. */
export const summaryExporter: Exporter = {
  name: 'summary',
  extension: 'txt',
  render: (result) =>
    `${summarySentences(result)
      .join(' ')
      .replace(/\u00a0/g, ' ')}\n`,
};

/**
 * What this device does per second in mining and in AI work, one sentence each: the fastest variant of
 * ours per workload, against the best baseline, unreliable said so. On a software adapter the first
 * sentence is that the figures say nothing about hardware.
 */
export function summarySentences(result: Result): string[] {
  const groups = groupByWorkload(result);
  const sentences: string[] = [];
  if (result.device.software)
    sentences.push(
      `This was a software adapter: ${result.device.name} computes on the processor in place of a GPU, so these figures say nothing about hardware.`,
    );
  const of = (family: WorkloadGroup['family']) => {
    const asked = groups.filter((group) => group.family === family && group.measurements.some(isMeasuredHere));
    return { asked: asked.length > 0, found: headlines(asked) };
  };
  const [mining, ai] = [of('mining'), of('ai')];
  const all = [...mining.found, ...ai.found];
  // One sentence for all, where a word behind every figure would drown them.
  const noneReliable = all.length > 1 && all.every(({ shown }) => shown.status === 'unreliable');
  const subject = result.device.software ? 'it' : result.device.name;
  sentences.push(familySentence('In mining', subject, mining, !noneReliable));
  sentences.push(familySentence('In AI work', 'it', ai, !noneReliable));
  if (noneReliable) sentences.push('None of these figures is reliable; the table says why.');
  sentences.push(...countsSentence(result.measurements));
  const others = result.measurements.filter((m) => !isVerified(m)).length;
  if (others > 0)
    sentences.push(
      others === 1
        ? "One figure is another program's own; it was not verified, and nothing is compared with it."
        : `${others} figures are other programs' own; they were not verified, and nothing is compared with them.`,
    );
  if (result.finishedAt === null) sentences.push('The run did not finish; `assay resume` goes on with it.');
  return sentences;
}

/** Not another program's, whether it gave a figure or failed to. */
const isMeasuredHere = (m: Measurement) => isVerified(m) && m.reasons.every(({ code }) => code !== 'external-failed');

function familySentence(
  opening: string,
  subject: string,
  { asked, found }: { asked: boolean; found: readonly Headline[] },
  withStatus: boolean,
): string {
  if (!asked) return `${opening}, nothing was measured.`;
  if (found.length === 0) return `${opening}, no workload gave a figure.`;
  const shown = found.slice(0, CLAUSES).map((headline) => workloadClause(headline, withStatus));
  const more = found.length - shown.length;
  return `${opening}, ${subject} does ${joined(more > 0 ? [...shown, `${more} more in the table`] : shown)}.`;
}

/** `4.61 million hashes per second (SHA-256d nonce scan), 5.72× the best baseline, node-crypto/cpu`. */
function workloadClause({ group, shown }: Headline, withStatus: boolean): string {
  const doubt = withStatus && shown.status === 'unreliable' ? '; unreliable' : '';
  const figure = `${spokenRate(shown.rate)} (${workloadName(group.workload)}${doubt})`;
  const peer = bestBaseline(group);
  if (peer === shown) return `${figure} with ${peer.implementation}, no variant of ours having a figure`;
  return peer ? `${figure}, ${against(shown, peer, withStatus)}` : figure;
}

function against(ours: RatedMeasurement, peer: RatedMeasurement, withStatus: boolean): string {
  const stated = ours.versusBaseline?.peer === peer.implementation ? ours.versusBaseline : null;
  const ratio = stated?.ratio ?? ours.rate.value / peer.rate.value;
  const doubt = withStatus && peer.status === 'unreliable' ? ' (unreliable)' : '';
  const who = `the best baseline, ${peer.implementation}${doubt}`;
  if (stated?.verdict === 'same') return `the same as ${who}`;
  const unsure = stated?.verdict === 'ambiguous' || stated === null ? 'about ' : '';
  return `${unsure}${formatShare(ratio)} ${who}`;
}

function countsSentence(measurements: readonly Measurement[]): string[] {
  const { unreliable, failed, skipped } = countByStatus(measurements);
  const parts = [
    unreliable && `${unreliable} unreliable`,
    failed && `${failed} failed`,
    skipped && `${skipped} skipped`,
  ].filter((part) => typeof part === 'string');
  if (parts.length === 0) return [];
  const rated = measurements.filter(isRated).length;
  return [`Of ${measurements.length} measurements ${rated} have a figure; ${joined(parts)}.`];
}

/** `a, b and c`; clauses with commas of their own are parted by semicolons. */
function joined(parts: readonly string[]): string {
  if (parts.length < 2) return parts.join('');
  const separator = parts.some((part) => part.includes(',')) ? '; ' : ', ';
  return `${parts.slice(0, -1).join(separator)}${separator === '; ' ? '; and ' : ' and '}${parts.at(-1)}`;
}
