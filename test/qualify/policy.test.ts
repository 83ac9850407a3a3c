import { describe, expect, test } from 'vitest';
import { DEFAULT_POLICY, policySchema } from '../../bench/qualify/policy.js';
import { loadPolicy, parsePolicy, policyJsonSchema } from '../../bench/qualify/policy-file.js';

const parse = (value: object) => parsePolicy(JSON.stringify(value), 'mine.json');

describe('a policy file', () => {
  test('gives what differs; the rest is the default, and its name is the file’s', () => {
    const policy = parse({ memory: { leastCoverage: 0.8 } });
    expect(policy).toEqual({
      ...DEFAULT_POLICY,
      name: 'mine',
      memory: { ...DEFAULT_POLICY.memory, leastCoverage: 0.8 },
    });
    expect(policySchema.parse(DEFAULT_POLICY)).toEqual(DEFAULT_POLICY);
  });
  test.each([
    [{ memory: { leastCoverge: 0.9 } }, 'unknown key memory.leastCoverge; did you mean "leastCoverage"?'],
    [{ memroy: {} }, 'unknown key memroy; did you mean "memory"?'],
    [{ memory: { leastCoverage: 1.5 } }, 'memory.leastCoverage must be a number from 0.5 to 1, got 1.5'],
    [{ memory: { leastCoverage: '90 %' } }, 'memory.leastCoverage must be a number from 0.5 to 1, got "90 %"'],
    [
      { verdict: { grades: [{ grade: 'A', mostWarnings: -1, atLeast: {} }] } },
      'mostWarnings must be a number from 0 to 100, got -1',
    ],
    [{ verdict: { needed: { quick: ['memery'] } } }, 'verdict.needed.quick.0'],
    [{ verdict: { grades: [{ grade: 'A', mostWarnings: 0, atLeast: { coveredShare: 1 } }] } }, 'atLeast.coveredShare'],
    [{ schema: 'assay.policy/2' }, 'schema'],
  ])('%j', (value, message) => {
    expect(() => parse(value)).toThrow(message);
    expect(() => parse(value)).toThrow(/^mine\.json: /);
  });
  test.each(['', '[]', '{"a":1', 'null'])('that is %j', (text) =>
    expect(() => parsePolicy(text, 'mine.json')).toThrow(/^mine\.json: /),
  );
  test('that is not there', () =>
    expect(() => loadPolicy('/nowhere/p.json')).toThrow(/p\.json: the policy cannot be read/));
  test('has a schema for editors', () =>
    expect(policyJsonSchema()).toMatchObject({ title: 'assay.policy/1', additionalProperties: false }));
});
