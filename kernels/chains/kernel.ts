import type { Kernel, Plan, Shape, Variant } from '../declaration.js';
import { linearGrid } from '../grid.js';
import { randomWords } from '../random.js';
import { asWords } from '../views.js';
import { checkWorkgroup } from '../workgroup.js';
import type { Chain, ChainAxes, ChainVariant } from './chain.js';
import { chainInput } from './input.js';
import { type ChainInput, type ChainOutput, chainOracle, replay, STARTS, TERMS, WORDS } from './replay.js';

type Sizes = { readonly invocations: number; readonly iterations: number };
const sizes = (shape: Shape) => shape as Sizes;

/** The declaration of a chain's kernel: ceilings are alike in everything but their operation. */
export function chainKernel(chain: Chain): Kernel<ChainInput, ChainOutput> {
  const axes = axesOf(chain);
  const iterates = Object.fromEntries(chain.variants.map(({ id, iterate }) => [id, iterate]));
  const [first] = chain.variants;
  return {
    id: chain.id,
    family: 'arithmetic',
    title: chain.title,
    source: chain.source,
    axes: [axes.invocations, axes.iterations],
    // One, more than a workgroup and than the starts, and an odd number of iterations.
    probes: [
      { invocations: 1, iterations: 1 },
      { invocations: 257, iterations: 3 },
      { invocations: 1000, iterations: 7 },
    ],
    // A millisecond and more: a hiccup in a shorter one would predict minutes.
    pilot: { invocations: 4096, iterations: 32 },
    // Some hundredths of a second on a card, and on a software adapter.
    workloads: [
      { invocations: 2 ** 20, iterations: 256 },
      { invocations: 2 ** 14, iterations: 256 },
    ],
    input(shape, seed) {
      const next = randomWords(seed);
      return {
        ...sizes(shape),
        starts: Uint32Array.from({ length: STARTS * WORDS }, (_, i) => chain.start(i % WORDS).make(next())),
        terms: Uint32Array.from({ length: TERMS }, (_, i) => chain.term(i).make(next())),
      };
    },
    shapeOf: (input) => chainInput(input, chain, axes),
    reference: (_shape, input) => ({ chain: first.id, ends: replay(input, first.iterate) }),
    oracle: (_shape, input) => chainOracle(input, iterates),
    work(shape) {
      const { invocations, iterations } = sizes(shape);
      return {
        operations: chain.operations * invocations * iterations,
        unit: chain.unit,
        bytes: 4 * (invocations + STARTS * WORDS + TERMS),
      };
    },
    variants: chain.variants.map((variant) => variantOf(chain, variant)),
    defaultVariant: first.id,
  };
}

const axesOf = ({ iteration, maxIterations }: Chain): ChainAxes => ({
  invocations: {
    name: 'invocations',
    token: 'n',
    meaning: `invocations of ${WORDS} values each`,
    min: 1,
    max: 2 ** 24,
  },
  iterations: {
    name: 'iterations',
    token: 'i',
    meaning: `iterations of ${iteration}`,
    min: 1,
    max: maxIterations,
  },
});

function variantOf(chain: Chain, { id, story, wgsl }: ChainVariant): Variant<ChainInput, ChainOutput> {
  const { vector, modules = [], requires, languageFeatures } = chain;
  return {
    id,
    story,
    ...(requires && { requires }),
    tuning: { group: [256, 128, 64] },
    plan(shape, tuning, limits): Plan {
      const { invocations, iterations } = sizes(shape);
      const group = tuning.group as number;
      checkWorkgroup(`${chain.id}/${id}`, group, 0, limits);
      return {
        buffers: [
          { name: 'starts', role: 'input', byteLength: 4 * STARTS * WORDS },
          { name: 'terms', role: 'input', byteLength: 4 * TERMS },
          { name: 'ends', role: 'output', byteLength: 4 * invocations },
        ],
        dispatches: [
          {
            wgsl,
            modules: [vector.module, ...modules, 'chains/main.wgsl'],
            ...(vector.enables && { enables: vector.enables }),
            ...(languageFeatures && { languageFeatures }),
            aliases: { T: vector.alias },
            constants: { INVOCATIONS: invocations, ITERATIONS: iterations, GROUP: group, STARTS },
            bindings: ['starts', 'terms', 'ends'],
            workgroups: linearGrid(Math.ceil(invocations / group), limits.maxComputeWorkgroupsPerDimension),
          },
        ],
      };
    },
    encode: (_shape, _tuning, { starts, terms }) => ({ starts, terms }),
    decode: (_shape, _tuning, readback) => {
      const bytes = readback.ends as Uint8Array;
      return { chain: id, ends: asWords(bytes) };
    },
  };
}
