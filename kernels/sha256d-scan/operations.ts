import { INITIAL_STATE } from '../sha256/compress.js';
import { Counter, compression, OPAQUE, type Operations, times } from '../sha256/operations.js';

/** Words 4 … 15 of the header's second block, and 8 … 15 of the digest's only one. */
const PADDING = [0x80000000, ...times(10, 0), 640];
const DIGEST_PADDING = [0x80000000, ...times(6, 0), 256];

/** What a scan knows beforehand, trick by trick. */
interface Known {
  readonly midstate?: true;
  /** `hoisted`: rounds 0 … 2 and six words of the schedule; `folded`: wherever it is. */
  readonly padding?: 'hoisted' | 'folded';
  readonly initialState?: true;
  readonly early?: true;
  readonly short?: true;
  /** The second hash runs in loops, into which nothing known of it is folded. */
  readonly looped?: true;
}

function scan({ midstate, padding, initialState, early, short, looped }: Known): Operations {
  const counter = new Counter(short);
  if (!midstate) compression(counter, { state: OPAQUE, words: times(16, 'varies') });
  compression(
    counter,
    padding
      ? {
          state: times(8, 'host'),
          words: [...times(3, 'host'), 'varies', ...PADDING],
          ...(padding === 'hoisted' ? { seeing: [16, 17, 18, 19, 31, 32] } : {}),
        }
      : { state: OPAQUE, words: times(16, 'varies') },
  );
  compression(counter, {
    state: initialState && !looped ? INITIAL_STATE : OPAQUE,
    words: [...times(8, 'varies'), ...(padding === 'folded' && !looped ? DIGEST_PADDING : times(8, 'varies'))],
    early: early ?? false,
  });
  return counter.operations;
}

const all = { midstate: true, padding: 'folded', initialState: true, early: true } as const;
const early = scan(all);
const looped = scan({ ...all, looped: true });

/**
 * Per nonce, by variant: what its text leaves to do. A compiler may fold more.
 *
 * Totals found in miners' sources count 642 additions of three with the early exit and 672 without. The four less
 * here are one each in rounds 4, 5 and 6, where the host has merged h with K + W, and W21, which is σ1(W19) and
 * zeros.
 */
export const scanOperations = {
  naive: scan({}),
  midstate: scan({ midstate: true }),
  unrolled: scan({ midstate: true }),
  hoisted: scan({ midstate: true, padding: 'hoisted' }),
  padding: scan({ midstate: true, padding: 'folded' }),
  'second-round': scan({ midstate: true, padding: 'folded', initialState: true }),
  'early-exit': early,
  'short-chain': scan({ ...all, short: true }),
  'two-nonces': looped,
  'four-nonces': looped,
  immediate: early,
} satisfies Record<string, Operations>;
