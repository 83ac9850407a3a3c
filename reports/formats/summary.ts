import {
  bestBaseline,
  countByStatus,
  groupByWorkload,
  type Headline,
  headlines,
  isRated,
  type RatedMeasurement,
  type WorkloadGroup,
} from '../groups.js';
import { parseWorkloadId, workloadName } from '../names.js';
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
  const subject = result.device.software ? 'it' : result.device.name;
  sentences.push(familySentence('In mining', subject, groups, 'mining'));
  sentences.push(familySentence('In AI work', 'it', groups, 'ai'));
  sentences.push(...countsSentence(result.measurements));
  if (result.finishedAt === null) sentences.push('The run did not finish; `assay resume` goes on with it.');
  return sentences;
}

function familySentence(
  opening: string,
  subject: string,
  groups: readonly WorkloadGroup[],
  family: WorkloadGroup['family'],
): string {
  const asked = groups.filter((group) => group.family === family);
  if (asked.length === 0) return `${opening}, nothing was measured.`;
  const clauses = headlines(asked).map(workloadClause);
  if (clauses.length === 0) return `${opening}, no workload gave a figure.`;
  const shown = clauses.slice(0, CLAUSES);
  const more = clauses.length - shown.length;
  return `${opening}, ${subject} does ${joined(more > 0 ? [...shown, `${more} more in the table`] : shown)}.`;
}

/** `4.61 million hashes per second (SHA-256d nonce scan, n262144), 5.72× the best baseline, node-crypto/cpu`. */
function workloadClause({ group, shown }: Headline): string {
  const name = `${workloadName(group.workload)}, ${parseWorkloadId(group.workload).shape}`;
  const figure = `${spokenRate(shown.rate)} (${name}${shown.status === 'unreliable' ? '; unreliable' : ''})`;
  const peer = bestBaseline(group);
  if (peer === shown) return `${figure} with ${peer.implementation}, no variant of ours having a figure`;
  return peer ? `${figure}, ${against(shown, peer)}` : figure;
}

function against(ours: RatedMeasurement, peer: RatedMeasurement): string {
  const stated = ours.versusBaseline?.peer === peer.implementation ? ours.versusBaseline : null;
  const ratio = stated?.ratio ?? ours.rate.value / peer.rate.value;
  const doubt = peer.status === 'unreliable' ? ' (unreliable)' : '';
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
