import { expect, test } from 'vitest';
import { judge } from '../../harness/compute-test/judge.js';
import { hashChain, hashEnds } from '../../kernels/compute-test/reference.js';
import { headerBytes, publishedHeaders } from '../../kernels/sha256d-scan/published.js';
import { proofOfWork } from '../../kernels/sha256d-scan/reference.js';

test.each(publishedHeaders)('one double hash of block $height is its published one', ({ header, nonce }) => {
  const bytes = headerBytes(header);
  const digest = Buffer.from(hashChain(bytes, nonce, 1))
    .reverse()
    .toString('hex');
  expect(BigInt(`0x${digest}`)).toBe(proofOfWork(bytes, nonce));
  // A block's hash is far below 2²²⁴.
  expect(digest.startsWith('00000000')).toBe(true);
});

test('invocations with the same nonce differ by their index', () => {
  const header = headerBytes((publishedHeaders[0] as (typeof publishedHeaders)[number]).header);
  const ends = hashEnds(header, { invocations: 10, distinct: 4, repeats: 3 });
  expect(((ends[9] as number) - (ends[1] as number)) >>> 0).toBe(8);
  expect(new Set(ends).size).toBe(10);
});

const bits = (value: number) => new Uint32Array(Float32Array.of(value).buffer)[0] as number;
test('the host’s own comparison: within the bound, beyond it, NaN, infinity', () => {
  const job = {
    comparison: 'floats',
    expected: Uint32Array.of(bits(1.5)),
    bounds: Float32Array.of(0.01),
  } as const;
  expect(judge(job, 0, bits(1.505))).toBe('right');
  expect(judge(job, 0, bits(1.52))).toBe('wrong');
  expect(judge(job, 0, bits(Number.NaN))).toBe('nan');
  expect(judge(job, 0, bits(Number.POSITIVE_INFINITY))).toBe('wrong');
  const halves = {
    comparison: 'halves',
    expected: Uint32Array.of(0x3c003c00),
    bounds: Float32Array.of(0.01, 0.01),
  } as const;
  expect(judge(halves, 0, 0x3c013c00)).toBe('right');
  expect(judge(halves, 0, 0x3c003d00)).toBe('wrong');
  expect(judge(halves, 0, 0x7e003c00)).toBe('nan');
});
