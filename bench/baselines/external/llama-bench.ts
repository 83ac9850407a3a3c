import { z } from 'zod';
import { InputError } from '../../../kernels/errors.js';
import { linesOf, parseLine, shown, slug } from './lines.js';
import type { Reader, Reading } from './reader.js';

const count = z.number().int().nonnegative();

/** The fields used of a line of `llama-bench -o jsonl` (llama.cpp, tools/llama-bench/README.md); others are ignored. */
const test = z.looseObject({
  build_commit: z.string(),
  build_number: count,
  backends: z.string().min(1),
  gpu_info: z.string().optional(),
  cpu_info: z.string().optional(),
  model_filename: z.string().optional(),
  model_type: z.string().min(1),
  n_prompt: count,
  n_gen: count,
  n_depth: count.optional(),
  /** Nanoseconds of each repetition. */
  samples_ns: z.array(z.number().positive()).min(1),
});
type Test = z.infer<typeof test>;

/** Parameters that a sweep varies; what differs between tests of one kind becomes part of the implementation's id. */
const SWEPT: Readonly<Record<string, string>> = {
  ...{ n_gpu_layers: 'ngl', n_batch: 'b', n_ubatch: 'ub', n_threads: 't', flash_attn: 'fa', type_k: 'ctk' },
  ...{ type_v: 'ctv', split_mode: 'sm', tensor_split: 'ts', main_gpu: 'mg', model_filename: 'm' },
};
const TUNING = ['n_batch', 'n_ubatch', 'n_threads', 'n_gpu_layers'];

export const llamaBenchReader: Reader = {
  format: 'llama-bench',
  about: '`llama-bench -o jsonl`, as workloads llm/<model>/pp512, tg128 and the like',
  read(text, { name }) {
    const lines = linesOf(text);
    const [json, others] = [lines.filter((l) => l.text.startsWith('{')), lines.filter((l) => !l.text.startsWith('{'))];
    if (json.length === 0) throw new InputError(whyNone(lines[0]?.text));
    if (others[0]?.text.startsWith('[')) throw new InputError(whyNone('['));
    const kinds = new Map<string, Test[]>();
    for (const line of json) {
      const one = parseLine(test, line);
      if (one.n_prompt + one.n_gen === 0)
        throw new InputError(`line ${line.number}: n_prompt and n_gen are both 0, so no token was processed`);
      const key = `${workloadOf(one)} ${backendOf(one)}`;
      kinds.set(key, [...(kinds.get(key) ?? []), one]);
    }
    const readings = [...kinds.values()]
      .flatMap((tests) => apart(tests))
      .map(({ tests, suffix }) => reading(name, tests, suffix));
    const leftOut = others.length > 0 ? [`${others.length} line${others.length === 1 ? '' : 's'} without JSON`] : [];
    return { readings, leftOut };
  },
  failedAs: ({ name }) => [
    {
      workload: 'llm',
      family: 'ai',
      work: { operations: 1, unit: 'token', bytes: 0 },
      implementation: `${name}/unknown`,
    },
  ],
};

function whyNone(first: string | undefined): string {
  if (first === undefined) return 'it is empty';
  if (first.startsWith('[')) return 'it is one JSON array, as `-o json` writes it; use `-o jsonl`';
  if (first.startsWith('|')) return 'it is a table, as `-o md` writes it; use `-o jsonl`';
  return `expected the JSON lines of \`llama-bench -o jsonl\`, found ${shown(first)}`;
}

/** `pp512`, `tg128`, `pp512+tg128`, with `@d4096` after so many tokens of context. */
function workloadOf({ model_type, n_prompt, n_gen, n_depth = 0 }: Test): string {
  const parts = [n_prompt > 0 && `pp${n_prompt}`, n_gen > 0 && `tg${n_gen}`].filter(Boolean);
  return `llm/${slug(model_type)}/${parts.join('+')}${n_depth > 0 ? `@d${n_depth}` : ''}`;
}

const backendOf = ({ backends }: Test) => slug(backends);

/** Tests of one kind by what sets them apart; tests alike in everything are further repetitions of one. */
function apart(tests: readonly Test[]): { tests: Test[]; suffix: string }[] {
  const differing = Object.keys(SWEPT).filter((key) => new Set(tests.map((t) => JSON.stringify(t[key]))).size > 1);
  const groups = new Map<string, Test[]>();
  for (const one of tests) {
    const suffix = differing.map((key) => `-${SWEPT[key]}${partOf(key, one[key])}`).join('');
    groups.set(suffix, [...(groups.get(suffix) ?? []), one]);
  }
  return [...groups].map(([suffix, members]) => ({ tests: members, suffix }));
}

function partOf(key: string, value: unknown): string {
  if (typeof value === 'boolean') return value ? '1' : '0';
  const text = String(value ?? 'unknown');
  return slug(key === 'model_filename' ? (text.split(/[\\/]/).at(-1) as string).replace(/\.gguf$/, '') : text);
}

function reading(name: string, tests: readonly Test[], suffix: string): Reading {
  const [first] = tests as readonly [Test];
  const { build_number, build_commit, backends, gpu_info, cpu_info } = first;
  const device = gpu_info || cpu_info;
  const numbers = TUNING.flatMap((key) =>
    typeof first[key] === 'number' ? [[key, first[key] as number] as const] : [],
  );
  return {
    workload: workloadOf(first),
    family: 'ai',
    // Tokens as llama-bench counts them: prompt and generated ones together.
    work: { operations: first.n_prompt + first.n_gen, unit: 'token', bytes: 0 },
    implementation: `${name}/${backendOf(first)}${suffix}`,
    provenance: [`llama.cpp build ${build_number} (${build_commit})`, backends, device].filter(Boolean).join(', '),
    tuning: Object.fromEntries(numbers),
    // A repetition stands by itself: the program starts each from an empty cache.
    roundsNs: tests.flatMap(({ samples_ns }) => samples_ns.map((ns) => [ns])),
  };
}
