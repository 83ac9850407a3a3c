import { describe, expect, test } from 'vitest';
import { type Measurement, type Result, SCHEMA_ID } from '../../reports/schema.js';
import { resultJsonSchema, validateResult } from '../../reports/validate.js';
import { hardwareResult, sampleResult, sampleVerdict } from './sample.js';

/** The errors after one change to a good result, read strictly as when it is written. */
function errorsAfter(change: (result: Result) => void, how: 'written' | 'read' = 'written'): readonly string[] {
  const result = sampleResult();
  change(result);
  const checked = validateResult(result, how);
  return checked.ok ? [] : checked.errors;
}
/** Sets a field whatever its type. */
const set = (target: object, field: string, value: unknown) => Object.assign(target, { [field]: value });
const at = (result: Result, i: number) => result.measurements[i] as Measurement;

describe('a good result', () => {
  test.each([sampleResult(), hardwareResult()])('passes both ways and comes back equal', (result) => {
    for (const how of ['written', 'read'] as const)
      expect(validateResult(JSON.parse(JSON.stringify(result)), how)).toEqual({ ok: true, result });
  });

  test('may carry a verdict, which is whole', () => {
    expect(errorsAfter((r) => set(r, 'verdict', sampleVerdict()))).toEqual([]);
    expect(errorsAfter((r) => set(r, 'verdict', { ...sampleVerdict(), since: 1 }))).toEqual([
      'verdict.since: unknown field',
    ]);
    expect(errorsAfter((r) => set(r, 'verdict', { overall: 'PASS' }))).not.toEqual([]);
  });
});

describe('unknown fields', () => {
  const spoil = (r: Result) => {
    set(r, 'colour', 'red');
    set(r.device.toggles, 'forced', []);
    set(at(r, 0).rounds[1] ?? {}, 'mood', 1);
  };

  test('are errors when written, each named by its path', () => {
    expect(errorsAfter(spoil)).toEqual([
      'device.toggles.forced: unknown field',
      'measurements[0].rounds[1].mood: unknown field',
      'colour: unknown field',
    ]);
  });

  test('are ignored when read', () => {
    expect(errorsAfter(spoil, 'read')).toEqual([]);
  });
});

describe('numbers that are none', () => {
  test.each([
    [null, 'got null'],
    [Number.NaN, 'got NaN'],
    [Number.POSITIVE_INFINITY, 'got Infinity'],
    [JSON.parse('1e999'), 'got Infinity'],
    ['NaN', 'got "NaN"'],
    ['4.6', 'got "4.6"'],
  ])('a rate of %j', (value, got) => {
    const expected = [`measurements[2].rate.value: expected a finite number, ${got}`];
    expect(errorsAfter((r) => set(at(r, 2).rate ?? {}, 'value', value))).toEqual(expected);
    expect(errorsAfter((r) => set(at(r, 2).rate ?? {}, 'value', value), 'read')).toEqual(expected);
  });

  test('a negative time', () => {
    expect(errorsAfter((r) => set(at(r, 0).rounds[0] ?? {}, 'samplesNs', [1, -1]))).toEqual([
      'measurements[0].rounds[0].samplesNs[1]: expected at least 0, got -1',
    ]);
  });

  test('half a round', () => {
    expect(errorsAfter((r) => set(at(r, 0), 'batch', 1.5))).toEqual([
      'measurements[0].batch: expected a whole number, got 1.5',
    ]);
  });
});

describe('a status that its measurement does not bear out', () => {
  test.each([
    [
      'a rate without being valid',
      3,
      { rate: { value: 1, unit: 'flop/s', low: 1, high: 1 } },
      'rate: expected null, because the status is failed',
    ],
    ['valid without a rate', 0, { rate: null }, 'rate: expected an object, because the status is valid'],
    ['valid without a summary', 0, { summary: null }, 'summary: expected an object, because the status is valid'],
    [
      'valid with a fault',
      0,
      { reasons: [{ code: 'drift', detail: '' }] },
      'reasons: expected only notes, because the status is valid',
    ],
    ['failed without a reason', 3, { reasons: [] }, 'reasons: expected the reason why the status is failed'],
  ])('%s', (_, index, change, message) => {
    const [error, ...more] = errorsAfter((r) => Object.assign(at(r, index), change));
    expect(error).toContain(`measurements[${index}].${message}`);
    expect(more).toEqual([]);
  });

  test('valid but incorrect', () => {
    expect(errorsAfter((r) => set(at(r, 0).correctness, 'status', 'incorrect'))).toHaveLength(1);
  });

  describe('not verified', () => {
    /** Another program's figure, made of a good measurement of a baseline: index 8 of the sample. */
    const external = {
      implementation: 'external/mine',
      status: 'unreliable',
      reasons: [{ code: 'not-verified', detail: '' }],
      correctness: { status: 'not-checked', method: 'none', maxError: null, tolerance: { kind: 'exact' }, seeds: [] },
    };
    const changed = (change: object) =>
      errorsAfter((r) => {
        Object.assign(at(r, 8), structuredClone(external), structuredClone(change));
        // Those that were compared with it are not any longer.
        for (const m of r.measurements) if (m.workload === at(r, 8).workload) m.versusBaseline = null;
        Object.assign(at(r, 8), structuredClone(change));
      });

    test('a rate of another program needs no correct output', () => {
      expect(changed({})).toEqual([]);
      expect(changed({ reasons: [...external.reasons, { code: 'drift', detail: '' }] })).toEqual([]);
    });

    const rate = { value: 1, unit: 'hash/s', low: 1, high: 1 };
    const versusBaseline = { peer: 'x/y', ratio: 2, low: 2, high: 2, verdict: 'faster' };
    test.each([
      ['without the reason', { reasons: [{ code: 'drift', detail: '' }] }, 'correctness: expected a correct output'],
      ['valid', { status: 'valid' }, 'reasons: expected only notes'],
      ['ours', { implementation: 'assay/naive' }, 'reasons: expected no not-verified, because what is ours'],
      ['correct', { correctness: { ...external.correctness, status: 'correct' } }, 'correctness: expected not-checked'],
      [
        'incorrect',
        { correctness: { ...external.correctness, status: 'incorrect' } },
        'correctness: expected not-checked',
      ],
      ['compared', { versusBaseline }, 'versusBaseline: expected null, because a reason is not-verified'],
      ['a fraction', { ceiling: { of: 'x', value: 1, fraction: 1 } }, 'ceiling: expected null'],
      [
        'failed',
        { status: 'failed', rate: null, summary: null },
        'reasons: expected no not-verified, because the status',
      ],
      ['without a rate', { rate: null }, 'rate: expected an object'],
      [
        'failed with a rate',
        { status: 'failed', rate, reasons: [{ code: 'external-failed', detail: '' }] },
        'rate: expected null',
      ],
    ])('but not when it is %s', (_, change, message) => {
      const [error, ...more] = changed(change);
      expect(error).toContain(`measurements[8].${message}`);
      expect(more).toEqual([]);
    });

    test('nothing is compared with it', () => {
      const errors = errorsAfter((r) => Object.assign(at(r, 8), structuredClone(external)));
      expect(errors).toEqual([]);
      const renamed = errorsAfter((r) => {
        Object.assign(at(r, 8), structuredClone(external));
        for (const m of [at(r, 6), at(r, 7)]) Object.assign(m.versusBaseline ?? {}, { peer: 'external/mine' });
      });
      expect(renamed.map((e) => e.replace(/, got.*/, ''))).toEqual(
        [6, 7].map(
          (i) =>
            `measurements[${i}].versusBaseline.peer: expected a verified baseline, for nothing is compared with a figure that was not`,
        ),
      );
    });
  });

  test('an interval that does not hold its value', () => {
    expect(errorsAfter((r) => set(at(r, 0).rate ?? {}, 'low', 1e12))[0]).toMatch(/low ≤ value ≤ high/);
    expect(errorsAfter((r) => set(at(r, 0).summary ?? {}, 'highNs', 0))[0]).toMatch(/lowNs ≤ medianNs ≤ highNs/);
  });
});

describe('messages', () => {
  test('name the choices', () => {
    expect(errorsAfter((r) => set(at(r, 0), 'clock', 'wall'))).toEqual([
      'measurements[0].clock: expected "gpu" or "host", got "wall"',
    ]);
  });

  test('name what is missing', () => {
    expect(errorsAfter((r) => Reflect.deleteProperty(r.host, 'cpu'))).toEqual([
      'host.cpu: expected string, got nothing',
    ]);
  });

  test('say which schema a file has when it is another', () => {
    expect(validateResult({ schema: 'assay.result/2', id: 1 })).toEqual({
      ok: false,
      errors: [`schema: expected "${SCHEMA_ID}", got "assay.result/2"`],
    });
    expect(validateResult({})).toEqual({ ok: false, errors: [`schema: expected "${SCHEMA_ID}", got nothing`] });
  });

  test.each([[null], [[]], ['text'], [3], [undefined]])('survive %j', (value) => {
    expect(validateResult(value)).toMatchObject({
      ok: false,
      errors: [expect.stringContaining('the file: expected object')],
    });
  });

  test('bad times', () => {
    expect(errorsAfter((r) => set(r, 'startedAt', 'yesterday'))).toEqual([
      'startedAt: expected an ISO 8601 time in UTC, got "yesterday"',
    ]);
  });
});

describe('the JSON Schema', () => {
  test('is named after the schema and refuses unknown fields, as a writer must', () => {
    const schema = resultJsonSchema();
    expect(schema).toMatchObject({ title: SCHEMA_ID, type: 'object', additionalProperties: false });
    expect(schema.required).toEqual(expect.arrayContaining(['schema', 'device', 'measurements', 'finishedAt']));
    expect(schema.required).not.toContain('verdict');
  });

  test('has not changed unawares: a change that old files break needs a new schema id', async () => {
    await expect(`${JSON.stringify(resultJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(
      '../golden/assay.result-1.schema.json',
    );
  });
});
