import { expect, test } from 'vitest';
import { figureText } from '../../reports/qualification.js';

test.each([
  ['coveredShare', 0.982, 'of its memory 98 %'],
  ['uploadBytesPerSecond', 12.5e9, 'upload 12.5 GB/s'],
  ['bytesMoved', 3 * 2 ** 30, 'bytes moved 3 GiB'],
  ['words', 57_770_000, 'words compared 57.8 M'],
  ['sha256dScan', 3.1e9, 'SHA-256d 3.10 GH/s'],
  ['fmaToMulAdd', 1.365, 'multiply-add to multiply and add 1.365'],
  ['worstOverBest', 0.971, 'worst over best 97 %'],
  ['errors', 0, 'errors 0'],
])('%s %d: %s', (name, value, words) => {
  expect(figureText(name, value).replaceAll('\u00a0', ' ')).toBe(words);
});
