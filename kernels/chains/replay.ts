import type { Oracle } from '../declaration.js';

/** Values that one invocation holds, in four vectors. */
export const WORDS = 16;
/** Different starts; invocation i has start i mod 61, a prime, so that neighbours, subgroups and workgroups differ. */
export const STARTS = 61;
/** Words from a buffer, so that no compiler knows them. */
export const TERMS = 8;

export interface ChainInput {
  readonly invocations: number;
  readonly iterations: number;
  /** 61 starts of 16 words each. */
  readonly starts: Uint32Array;
  /** 8 words. */
  readonly terms: Uint32Array;
}

export interface ChainOutput {
  /** The variant whose chain this is: several keep the same unit busy and compute different things. */
  readonly chain: string;
  /** For each invocation one word made of its sixteen and its number. */
  readonly ends: Uint32Array;
}

/** One iteration on the CPU, in place: what the WGSL function `iterate` does to the words a.xyzw, b.xyzw, c.xyzw, d.xyzw. */
export type Iterate = (words: Uint32Array, terms: Uint32Array) => void;
/** By variant. */
export type Chains = Readonly<Record<string, Iterate>>;

/** One word of sixteen, as `main.wgsl` makes it: the four vectors first, then their components. */
export function fold(words: Uint32Array): number {
  const across = [0, 1, 2, 3].map((lane) =>
    [4, 8, 12].reduce((sum, at) => (Math.imul(sum, 31) + (words[at + lane] as number)) | 0, words[lane] as number),
  );
  return across.reduce((sum, word) => (Math.imul(sum, 37) + word) | 0) >>> 0;
}

/** Every start replayed step by step. */
export function replay({ invocations, iterations, starts, terms }: ChainInput, iterate: Iterate): Uint32Array {
  const folded = new Uint32Array(STARTS);
  for (let i = 0; i < STARTS; i++) {
    const words = starts.slice(WORDS * i, WORDS * (i + 1));
    for (let n = 0; n < iterations; n++) iterate(words, terms);
    folded[i] = fold(words);
  }
  return Uint32Array.from({ length: invocations }, (_, i) => (folded[i % STARTS] as number) + i);
}

/** Every invocation against the replay of its start, exactly. Built once; a chain is replayed when first asked for. */
export function chainOracle(input: ChainInput, chains: Chains): Oracle<ChainOutput> {
  const replays = new Map<string, Uint32Array>();
  const wanted = (chain: string, iterate: Iterate) => {
    const want = replays.get(chain) ?? replay(input, iterate);
    replays.set(chain, want);
    return want;
  };
  const wrong = (detail: string) => ({ correct: false, maxError: null, detail });
  return {
    method: `every invocation against a replay of its start on the CPU, step by step; there are ${STARTS} starts`,
    tolerance: { kind: 'exact' },
    check({ chain, ends }) {
      const iterate = chains[chain];
      if (!iterate) return wrong(`chain must be one of ${Object.keys(chains).join(', ')}, got ${chain}`);
      if (!(ends instanceof Uint32Array) || ends.length !== input.invocations)
        return wrong(`ends must hold ${input.invocations} words, got ${ends?.length ?? 'none'}`);
      const want = wanted(chain, iterate);
      const at = ends.findIndex((word, i) => word !== want[i]);
      return at < 0 ? { correct: true, maxError: 0 } : wrong(`invocation ${at}: expected ${want[at]}, got ${ends[at]}`);
    },
  };
}
