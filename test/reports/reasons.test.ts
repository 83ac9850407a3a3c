import { describe, expect, test } from 'vitest';
import { explainReason, reasonLabel } from '../../reports/reasons.js';
import { noteCodes, reasonCodes } from '../../reports/schema.js';

describe.each(reasonCodes)('%s', (code) => {
  test('is a sentence with and without a detail', () => {
    for (const detail of ['', '3 of 10']) {
      const sentence = explainReason({ code, detail });
      expect(sentence).toMatch(/^[A-Z].*\.$/);
      expect(sentence).not.toMatch(/undefined|\(\)|: \.| {2}|\.\./);
    }
  });

  test('has a short label', () => {
    expect(reasonLabel(code).length).toBeLessThan(22);
  });

  test('says its detail, unless it is a note', () => {
    const isNote = (noteCodes as readonly string[]).includes(code);
    expect(explainReason({ code, detail: '3 of 10' }).includes('3 of 10')).toBe(!isNote);
  });

  test('says a next step, unless it is a note', () => {
    const isNote = (noteCodes as readonly string[]).includes(code);
    const steps =
      /Install|Compare|Run|Check|newer|Choose|Close|Report|report|suspect|Suspect|mended|resume|Use|Raise|raise|Let|Trust|measure both/;
    expect(steps.test(explainReason({ code, detail: '' }))).toBe(!isNote);
  });
});

test('a detail that ends in a full stop does not end in two', () => {
  expect(explainReason({ code: 'shader-error', detail: 'line 3: no. ' })).toContain('line 3: no. Report');
});
