import type { Oracle, Shape } from '../declaration.js';

export interface ReadInput {
  /** A positive multiple of 16 bytes. */
  readonly data: Uint8Array;
}

export interface ReadOutput {
  /** Exclusive or of all 32-bit words, little-endian. */
  readonly joined: number;
}

/** Exclusive or of the words of bytes whose number is a multiple of 4. */
export function join(bytes: Uint8Array): number {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return (
    new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 4).reduce((all, w) => all ^ w, 0) >>> 0
  );
}

export function readReference(_shape: Shape, { data }: ReadInput): ReadOutput {
  return { joined: join(data) };
}

/** The exclusive or of all words: random words of which one was left out, or read twice, give another. */
export function readOracle(_shape: Shape, { data }: ReadInput): Oracle<ReadOutput> {
  const want = join(data);
  return {
    method: 'exclusive or of all words read, against that of all words written',
    tolerance: { kind: 'exact' },
    check: ({ joined }) =>
      joined === want
        ? { correct: true, maxError: 0 }
        : { correct: false, maxError: null, detail: `the words join to ${joined}, expected ${want}` },
  };
}
