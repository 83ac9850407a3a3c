import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { packageRoot } from '../../harness/root.js';
import { junitExporter } from '../../reports/formats/junit.js';
import { clean } from '../../reports/html/markup.js';
import type { Measurement, Result } from '../../reports/schema.js';
import { hostileNames, hostileResult, longResult } from './hostile.js';
import { canonical, validJunit } from './parsers.js';
import { hardwareResult, sampleResult } from './sample.js';

const schema = readFileSync(join(packageRoot, 'test/fixtures/junit.xsd'), 'utf8');
const count = (text: string, what: RegExp) => [...text.matchAll(what)].length;
const render = (result: Result) => junitExporter.render(result);

describe('JUnit XML', () => {
  test('is as it was', async () => {
    await expect(render(sampleResult())).toMatchFileSnapshot('../golden/junit.xml');
  });

  test('is what Jenkins takes', async () => {
    await validJunit(render(sampleResult()));
    await validJunit(render(hardwareResult()));
    await validJunit(render(sampleResult({ measurements: [] })));
  });

  test('the schema can refuse', async () => {
    const broken = render(sampleResult()).replaceAll('<failure', '<fault').replaceAll('</failure', '</fault');
    expect((await validateXML({ xml: broken, schema })).valid).toBe(false);
  });

  test('has a case for each measurement: failed is a failure, skipped is skipped, unreliable passes with a note', () => {
    const result = sampleResult();
    const xml = render(result);
    const by = (status: Measurement['status']) => result.measurements.filter((m) => m.status === status).length;
    expect(count(xml, /<testcase /g)).toBe(result.measurements.length);
    expect(count(xml, /<failure /g)).toBe(by('failed'));
    expect(count(xml, /<skipped /g)).toBe(by('skipped'));
    expect(count(xml, /<system-out>unreliable\n/g)).toBe(by('unreliable'));
    expect(xml).toContain(`tests="${result.measurements.length}" failures="${by('failed')}" errors="0">`);
    expect(xml).toContain(
      '<failure type="wrong-result" message="failed: wrong result (element 4711 of seed 2: expected -3.25, got 0)">wrong result: The output is wrong: element',
    );
  });

  test('a figure that nobody verified has not passed', () => {
    const result = sampleResult();
    const [first] = result.measurements as [Measurement];
    result.measurements = [
      {
        ...first,
        ...{ implementation: 'external/mine', status: 'unreliable', reasons: [{ code: 'not-verified', detail: '' }] },
      },
    ];
    expect(render(result)).toContain('<skipped type="not-verified"');
  });

  test('checks are cases too: fail is a failure, what has no answer is skipped, warn passes with a note', async () => {
    const check = (id: string, status: Result['checks'][0]['status']) => ({
      ...{ id, status, figures: {}, reasons: status === 'pass' ? [] : [{ code: 'why', detail: `of ${id}` }] },
    });
    const checks = [
      ...[check('a', 'pass'), check('b', 'warn'), check('c', 'fail'), check('d', 'inconclusive')],
      check('e', 'skipped'),
    ];
    const xml = render(sampleResult({ measurements: [], checks }));
    expect(xml).toContain('<testsuite name="checks" tests="5" failures="1" errors="0" skipped="2"');
    expect(xml).toContain('<testcase name="a" classname="checks"/>');
    expect(xml).toContain('<system-out>warn\nwhy: of b</system-out>');
    expect(xml).toContain('<failure type="why" message="fail: why: of c">');
    expect(xml).toContain('<skipped type="why" message="inconclusive: why: of d">');
    await validJunit(xml);
  });

  test('no name breaks it, and names come out as they went in', async () => {
    const xml = await validJunit(render(hostileResult()));
    for (const name of hostileNames) {
      expect(xml).toContain(`classname="${canonical(clean(name))}" name="${canonical(clean(`${name}0`))}"`);
      expect(xml).toContain(`name="${canonical(clean(name))}"`);
    }
    expect(count(xml, /<testcase /g)).toBe(hostileNames.length * 5);
  });

  test('a thousand measurements', async () => {
    expect(count(await validJunit(render(longResult())), /<testcase /g)).toBe(1000);
  });
});
