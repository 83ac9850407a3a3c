import type { Oracle, Shape } from '../declaration.js';

export interface CopyInput {
  /** A positive multiple of 16 bytes. */
  readonly data: Uint8Array;
}

export interface CopyOutput {
  readonly data: Uint8Array;
}

export function copyReference(_shape: Shape, { data }: CopyInput): CopyOutput {
  return { data: data.slice() };
}

/** Every byte must be the source's. */
export function copyOracle(_shape: Shape, input: CopyInput): Oracle<CopyOutput> {
  const want = Buffer.from(input.data.buffer, input.data.byteOffset, input.data.byteLength);
  return {
    method: 'every byte against the source',
    tolerance: { kind: 'exact' },
    check({ data }) {
      if (!(data instanceof Uint8Array) || data.length !== want.length)
        return {
          correct: false,
          maxError: null,
          detail: `data must hold ${want.length} bytes, got ${data?.length ?? 'none'}`,
        };
      if (want.equals(data)) return { correct: true, maxError: 0 };
      const at = want.findIndex((byte, i) => byte !== data[i]);
      const detail = `byte ${at}: expected ${want[at]}, got ${data[at]}`;
      return { correct: false, maxError: null, detail };
    },
  };
}
