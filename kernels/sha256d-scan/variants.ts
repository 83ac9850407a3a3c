import type { BufferContents, BufferPlan, Dispatch, Plan, Variant } from '../declaration.js';
import { linearGrid } from '../grid.js';
import { CAPACITY, hitBuffers, listedHits } from '../hits.js';
import { targetWords } from '../target.js';
import { asWords } from '../views.js';
import { midstateWords, naiveWords, preparedWords, rangeWords } from './jobs.js';
import type { ScanInput, ScanOutput } from './reference.js';

/** How a variant is handed its job: the buffers, and how they are bound. */
interface Job {
  readonly buffers: readonly BufferPlan[];
  readonly bindings: readonly string[];
  readonly immediate?: string;
  encode(input: ScanInput): BufferContents;
}

/** Nonces are listed as one word each. */
const HIT_BYTES = 4;
const HITS = hitBuffers(HIT_BYTES);

/** Everything in one array of storage: the words that a variant starts from, the range, the target. */
function storageJob(words: number, start: (input: ScanInput) => ArrayLike<number>): Job {
  return {
    buffers: [{ name: 'job', role: 'input', byteLength: (words + 10) * 4 }, ...HITS],
    bindings: ['job', 'hitCount', 'hits'],
    encode: (input) => ({
      job: Uint32Array.from([...Array.from(start(input)), ...rangeWords(input), ...targetWords(input.target)]),
    }),
  };
}

/** What the host prepared and the target as uniform blocks, and the range as another or as immediate data. */
function preparedJob(range: 'uniform' | 'immediate'): Job {
  const bindings = ['prepared', 'target', 'hitCount', 'hits'];
  return {
    buffers: [
      { name: 'prepared', role: 'uniform', byteLength: 32 * 4 },
      { name: 'target', role: 'uniform', byteLength: 8 * 4 },
      ...HITS,
      { name: 'range', role: range, byteLength: 2 * 4 },
    ],
    ...(range === 'uniform' ? { bindings: [...bindings, 'range'] } : { bindings, immediate: 'range' }),
    encode: (input) => ({
      prepared: preparedWords(input),
      target: Uint32Array.from(targetWords(input.target)),
      range: Uint32Array.from(rangeWords(input)),
    }),
  };
}

interface Chapter {
  readonly id: string;
  readonly story: string;
  readonly job: Job;
  /** Default: the id. */
  readonly wgsl?: string;
  readonly modules: readonly string[];
  /** Nonces per invocation. */
  readonly lanes?: 1 | 2 | 4;
  readonly languageFeatures?: readonly string[];
}

function variant({
  id,
  story,
  job,
  wgsl = id,
  modules,
  lanes = 1,
  languageFeatures,
}: Chapter): Variant<ScanInput, ScanOutput> {
  return {
    id,
    story,
    ...(languageFeatures ? { requires: languageFeatures } : {}),
    tuning: { group: [256, 128, 64, 32] },
    plan: (shape, tuning, limits): Plan => {
      const dispatch: Dispatch = {
        wgsl: `sha256d-scan/${wgsl}.wgsl`,
        modules: [`word-${lanes}`, 'sha256-functions', 'sha256-constants', ...modules, 'byte-swap', 'hits'].map(
          (name) => `shared/${name}.wgsl`,
        ),
        aliases: { Hit: 'u32' },
        constants: { GROUP: tuning.group as number, CAPACITY },
        bindings: job.bindings,
        ...(job.immediate ? { immediate: job.immediate } : {}),
        ...(languageFeatures ? { languageFeatures } : {}),
        workgroups: linearGrid(
          Math.ceil((shape.nonces as number) / ((tuning.group as number) * lanes)),
          limits.maxComputeWorkgroupsPerDimension,
        ),
      };
      return { buffers: job.buffers, dispatches: [dispatch] };
    },
    encode: (_shape, _tuning, input) => job.encode(input),
    decode: (_shape, _tuning, readback) => ({ nonces: asWords(listedHits(readback, HIT_BYTES)) }),
  };
}

const LOOPS = ['sha256-rounds'];
const BLOCKS = ['sha256-round', 'sha256-blocks'];
const PREPARED = [...BLOCKS, 'range-uniform', 'sha256d-job'];
const FOLDED = [...PREPARED, 'sha256d-inner', 'sha256d-straight', 'sha256d-outer'];
const instead = (of: string, name: string) => FOLDED.map((module) => (module === of ? name : module));

/** One trick at a time, each told against the chapter before it. */
export const variants: readonly Variant<ScanInput, ScanOutput>[] = [
  variant({
    id: 'naive',
    story: 'Both header blocks and the digest through the standard as written, for every nonce.',
    job: storageJob(19, naiveWords),
    modules: LOOPS,
  }),
  variant({
    id: 'midstate',
    story: 'The first block does not hold the nonce: the host hashes it once. Two compressions of three are left.',
    job: storageJob(11, midstateWords),
    modules: LOOPS,
  }),
  variant({
    id: 'unrolled',
    story: 'Rounds unrolled, constants as literals, no arrays: nothing is indexed, so words stay in registers.',
    job: storageJob(11, midstateWords),
    modules: BLOCKS,
  }),
  variant({
    id: 'hoisted',
    story:
      'The host does what comes before the nonce: rounds 0–2, words 16 and 17 of the schedule and the constant ' +
      'parts of words 18, 19, 31 and 32, handed over as a uniform block.',
    job: preparedJob('uniform'),
    modules: PREPARED,
  }),
  variant({
    id: 'padding',
    story:
      'Padding is constant: its words merge with the round constants, its zero terms leave the schedule, and the ' +
      'host adds up what the nonce has not reached in rounds 4–6.',
    job: preparedJob('uniform'),
    modules: FOLDED,
  }),
  variant({
    id: 'second-round',
    story: 'The second hash begins at a known state: its first round is two literals plus the first word.',
    job: preparedJob('uniform'),
    modules: FOLDED,
  }),
  variant({
    id: 'early-exit',
    story:
      'The last word of the digest is known after round 60 and rules nearly every nonce out; the three rounds after ' +
      'it, half of the four before and the end of the schedule are for candidates only.',
    job: preparedJob('uniform'),
    modules: FOLDED,
  }),
  variant({
    id: 'short-chain',
    story:
      'early-exit with rounds regrouped so that e waits for three operations instead of four, for one addition more: ' +
      'for processors, which wait; not for cards, which have other invocations to go on with.',
    wgsl: 'early-exit',
    job: preparedJob('uniform'),
    modules: instead('sha256-round', 'sha256-round-short'),
  }),
  variant({
    id: 'two-nonces',
    story:
      'early-exit with two nonces per invocation, whose independent chains hide each other’s latency; rounds in loops ' +
      'of eight, or the program would outgrow instruction caches and compilers.',
    wgsl: 'early-exit',
    job: preparedJob('uniform'),
    modules: instead('sha256d-straight', 'sha256d-looped'),
    lanes: 2,
  }),
  variant({
    id: 'four-nonces',
    story: 'Four nonces per invocation: more to overlap, twice the registers.',
    wgsl: 'early-exit',
    job: preparedJob('uniform'),
    modules: instead('sha256d-straight', 'sha256d-looped'),
    lanes: 4,
  }),
  variant({
    id: 'immediate',
    story: 'early-exit with the range as immediate data: going on to the next range writes no buffer.',
    wgsl: 'early-exit',
    job: preparedJob('immediate'),
    modules: instead('range-uniform', 'range-immediate'),
    languageFeatures: ['immediate_address_space'],
  }),
];
