import pc from 'picocolors';
import { unknownName } from '../../harness/suggest.js';
import type { Kernel } from '../../kernels/declaration.js';
import { kernelNames, kernels } from '../../kernels/index.js';
import { kernelName, workloadId, writtenAxis } from '../../kernels/shape.js';
import { readers } from '../baselines/external/index.js';
import { baselines } from '../baselines/index.js';
import { jsonOutput, writeOutputs } from '../outputs.js';
import { suites } from '../suites/index.js';

const EXTERNAL = `any program, not verified: run --external NAME=COMMAND or --external-file NAME=FILE (reads ${readers.map((r) => r.format).join(', ')})`;

/** `assay list`: what can be run. @returns the exit code */
export function list(name: string | undefined, { json }: { json?: string }): number {
  const chosen = name === undefined ? kernels : kernels.filter((k) => k.id === name || kernelName(k) === name);
  if (name !== undefined && chosen.length === 0) throw unknownName('kernel', name, kernelNames);
  writeOutputs(jsonOutput(json), catalogue(chosen));
  if (json === '-') return 0;
  process.stdout.write(`${chosen.map(describe).join('\n\n')}\n`);
  if (name === undefined) {
    const width = Math.max(...suites.map((s) => s.id.length), ...baselines.map((b) => b.id.length));
    const line = (id: string, words: string) => `  ${pc.bold(id.padEnd(width))}  ${words}`;
    const sections = [
      ['Suites', suites.map((s) => line(s.id, `${s.about} (${s.workloads.length} workloads, ${s.rounds} rounds)`))],
      [
        'Baselines',
        [...baselines.map((b) => line(b.id, `${b.about} (${b.kernels.join(', ')})`)), line('external', EXTERNAL)],
      ],
    ] as const;
    for (const [title, lines] of sections) process.stdout.write(`\n${title}\n${lines.join('\n')}\n`);
  }
  return 0;
}

function describe(kernel: Kernel): string {
  const { family, title, source, axes, variants, defaultVariant, workloads } = kernel;
  const width = Math.max(...variants.map((v) => v.id.length));
  const axisWords = axes.map((a) => `${writtenAxis(a)} ${a.meaning}`);
  return [
    `${pc.bold(kernelName(kernel))}  ${title} (${family})`,
    `  source     ${source}`,
    `  shape      ${axisWords.join('; ')}`,
    ...variants.map((v, i) => {
      const needs = v.requires?.length ? ` [needs ${v.requires.join(', ')}]` : '';
      const tuning = Object.entries(v.tuning ?? {}).map(([key, values]) => `${key} ${values.join('|')}`);
      const mark = v.id === defaultVariant ? ' (default)' : '';
      return `  ${i === 0 ? 'variants ' : '         '}  ${v.id.padEnd(width)}  ${v.story}${needs}${mark}${tuning.length ? ` Tuning: ${tuning.join(', ')}.` : ''}`;
    }),
    ...workloads.map((shape, i) => `  ${i === 0 ? 'workloads' : '         '}  ${workloadId(kernel, shape)}`),
  ].join('\n');
}

function catalogue(chosen: readonly Kernel[]) {
  return {
    schema: 'assay.list/1',
    kernels: chosen.map((k) => ({
      ...{ id: k.id, family: k.family, type: k.type ?? null, title: k.title, source: k.source, axes: k.axes },
      ...{ defaultVariant: k.defaultVariant, shortlist: k.shortlist ?? null },
      variants: k.variants.map(({ id, story, requires = [], tuning = {} }) => ({ id, story, requires, tuning })),
      workloads: k.workloads.map((shape) => workloadId(k, shape)),
    })),
    suites,
    baselines: baselines.map(({ id, about, kernels: computes }) => ({ id, about, kernels: computes })),
    externals: readers.map(({ format, about }) => ({ format, about })),
  };
}
