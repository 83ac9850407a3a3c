import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { distinctSources, parseSource, readerOf, readers } from '../../bench/baselines/external/index.js';
import { parseWorkload } from '../../bench/suites/index.js';

const fixture = (name: string) => readFileSync(new URL(`../fixtures/external/${name}`, import.meta.url), 'utf8');
const read = (format: string, text: string, asked: readonly string[] = [], name = format) =>
  readerOf({ format }).read(text, { name, asked: asked.map(parseWorkload) });
/** Operations per second of each round. */
const rates = (reading: { work: { operations: number }; roundsNs: readonly (readonly number[])[] } | undefined) =>
  reading?.roundsNs.map(([ns]) => Math.round((reading.work.operations / (ns as number)) * 1e9));

describe('hashcat', () => {
  test('one implementation per device, beside the biggest of our workloads that hashes one block per message', () => {
    const asked = [
      'sha256/n8192-blocks8192',
      'sha256/n131072-blocks131072',
      'sha256/n4-blocks900000',
      'copy/n33554432',
    ];
    const { readings, leftOut } = read('hashcat', fixture('hashcat-two-devices.txt'), asked);
    expect(readings.map((r) => [r.implementation, r.workload, r.family, rates(r)])).toEqual([
      ['hashcat/device-1', 'sha256/n131072-blocks131072', 'mining', [5302000000]],
      ['hashcat/device-2', 'sha256/n131072-blocks131072', 'mining', [3598000000]],
    ]);
    expect(readings[0]?.work).toMatchObject({ operations: 131072, unit: 'hash' });
    expect(readings[1]?.provenance).toBe('hashcat v6.2.6, device 2, candidates made on the device');
    expect(leftOut).toEqual([]);
  });

  test('a byte order mark, CRLF, decimal commas, repeats as rounds; what is not used is told', () => {
    const { readings, leftOut } = read('hashcat', fixture('hashcat-odd.txt'), [], 'rig-7');
    expect(readings.map((r) => [r.implementation, rates(r)])).toEqual([
      ['rig-7/device-1', [5302000000, 5298000000]],
      ['rig-7/device-4', [3598000000]],
    ]);
    expect(readings[0]?.workload).toMatch(/^sha256\/n(\d+)-blocks\1$/);
    expect(readings[0]?.provenance).toContain('hashcat v6.2.6-846-gabcdef0');
    expect(leftOut).toEqual(['device 3 with 0 hashes per second (line 9)', 'hash modes 0, 1700', '1 other line']);
  });

  test.each([
    ['', 'it is empty'],
    ['\n \r\n', 'it is empty'],
    ['1:1000:1905:9751:52.32:5302000000\n', 'found hash modes 1000'],
    ['1:1400:1905:9751:52.32:NaN\n', 'found 1 other line'],
    ['1:1400:1905:9751:52.32:-5\n', 'found 1 other line'],
    ['1:1400:1905:9751:52.32:1e400\n', 'found 1 other line'],
    [`1:1400:1905:9751:52.32:${'9'.repeat(400)}\n`, 'hashes per second (line 1)'],
    ['1:1400:1905:9751:52.32\n', 'found 1 other line'],
    ['Speed.#1.........:  2046.1 MH/s (12.01ms)\n', 'expected lines like 1:1400:'],
  ])('refuses %j', (text, message) => {
    expect(() => read('hashcat', text)).toThrow(message);
  });
});

describe('llama-bench', () => {
  test('prompt and generation by model and backend, each repetition a round', () => {
    const { readings, leftOut } = read('llama-bench', fixture('llama-bench.jsonl'));
    expect(readings.map((r) => [r.workload, r.implementation, r.family, r.work])).toEqual([
      ['llm/qwen2-7b-q4_k-medium/pp512', 'llama-bench/cuda', 'ai', { operations: 512, unit: 'token', bytes: 0 }],
      ['llm/qwen2-7b-q4_k-medium/tg128', 'llama-bench/cuda', 'ai', { operations: 128, unit: 'token', bytes: 0 }],
    ]);
    // As the program itself has it in avg_ts and samples_ts.
    expect(rates(readings[0])).toEqual([4000, 3984, 4003, 3994, 3997]);
    expect(readings[0]?.provenance).toBe('llama.cpp build 5163 (8cf427ff), CUDA, NVIDIA GeForce RTX 3090');
    expect(readings[0]?.tuning).toEqual({ n_batch: 2048, n_ubatch: 512, n_threads: 8, n_gpu_layers: 99 });
    expect(leftOut).toEqual([]);
  });

  test('tests of a sweep are told apart by what was swept, tests alike are one with more rounds', () => {
    const { readings } = read('llama-bench', fixture('llama-bench-sweep.jsonl'), [], 'mine');
    expect(readings.map((r) => [r.workload.split('/')[2], r.implementation, r.roundsNs.length])).toEqual([
      ['pp512', 'mine/cuda-b2048', 5],
      ['pp512', 'mine/cuda-b128', 5],
      ['tg128', 'mine/cuda', 10],
      ['pp512', 'mine/cpu', 5],
      ['pp512+tg128@d4096', 'mine/cuda', 2],
    ]);
    expect(readings[3]?.provenance).toContain('CPU, AMD Ryzen 7');
  });

  const good = fixture('llama-bench.jsonl').split('\n')[0] as string;
  const changed = (change: object) => JSON.stringify({ ...JSON.parse(good), ...change });

  test('chatter before the lines is left out and told', () => {
    const { readings, leftOut } = read('llama-bench', `ggml_cuda_init: found 1 CUDA devices:\r\n${good}\r\n`);
    expect(readings).toHaveLength(1);
    expect(leftOut).toEqual(['1 line without JSON']);
  });

  test.each([
    ['nothing', '', 'it is empty'],
    ['a truncated line', `${good}\n${good.slice(0, 300)}`, 'line 2 is cut off after 300 characters'],
    ['a decimal comma', '{"n_prompt": 512, "avg_ts": 7263,6}', 'line 1 is not valid JSON'],
    ['the JSON format', `[\n${good}\n]`, 'use `-o jsonl`'],
    ['the table', '| model | size |\n', 'use `-o jsonl`'],
    ['another program', fixture('hashcat-two-devices.txt'), 'found "# version: v6.2.6"'],
    ['our own samples', fixture('samples.jsonl'), 'line 1: build_commit: expected string, got nothing'],
    ['no repetition', changed({ samples_ns: [] }), 'line 1: samples_ns: expected at least 1'],
    ['a negative time', changed({ samples_ns: [1, -5] }), 'line 1: samples_ns[1]: expected more than 0, got -5'],
    ['no tokens', changed({ n_prompt: 0, n_gen: 0 }), 'line 1: n_prompt and n_gen are both 0'],
    ['half a token', changed({ n_prompt: 0.5 }), 'line 1: n_prompt: expected a whole number, got 0.5'],
    ['an endless time', good.replace('128000000', '1e400'), 'samples_ns[0]: expected a finite number, got Infinity'],
  ])('refuses %s', (_, text, message) => {
    expect(() => read('llama-bench', text)).toThrow(message);
  });
});

describe('samples', () => {
  test('times and rates of our workloads and of others, by round where rounds are given', () => {
    const { readings } = read('samples', fixture('samples.jsonl'), [], 'mine');
    expect(readings.map((r) => [r.workload, r.implementation, r.family, r.roundsNs.length, r.provenance])).toEqual([
      ['sha256d-scan/n4099', 'external/mine', 'mining', 5, 'mine 0.3'],
      ['sha256/n3-blocks7', 'external/mine', 'mining', 1, null],
      ['keccak/n65536', 'external/mine', 'mining', 5, null],
    ]);
    expect(readings[0]?.roundsNs[1]).toEqual([1001000, 1001020]);
    expect(rates(readings[1])).toEqual([3000000]);
    expect(readings[2]?.work).toEqual({ operations: 65536, unit: 'hash', bytes: 0 });
  });

  test('a time for other amounts of work is scaled to one execution', () => {
    const { readings } = read('samples', '{"workload":"sha256d-scan/n1000","ns":5e6,"operations":100}');
    expect(readings[0]?.roundsNs).toEqual([[5e7]]);
    const foreign = ['{"workload":"x/n1","family":"ai","unit":"token/s","ns":10,"operations":4}'];
    foreign.push('{"workload":"x/n1","ns":10,"operations":2}', '{"workload":"x/n1","rate":1e8,"unit":"token/s"}');
    expect(read('samples', foreign.join('\n')).readings[0]?.roundsNs).toEqual([[10], [20], [40]]);
  });

  test('rounds stand in the order of their numbers', () => {
    const line = (round: number, ns: number) => JSON.stringify({ workload: 'sha256d-scan/n1', round, ns });
    const { readings } = read('samples', [line(7, 1), line(2, 2), line(7, 3)].join('\r\n'));
    expect(readings[0]?.roundsNs).toEqual([[2], [1, 3]]);
  });

  const scan = '"workload":"sha256d-scan/n4"';
  test.each([
    ['', 'there is no sample in it'],
    ['hello', 'line 1 is not a JSON object: "hello"'],
    ['[1]', 'line 1 is not a JSON object'],
    ['7', 'line 1 is not a JSON object'],
    [`{${scan},"ns":12`, 'line 1 is cut off after'],
    [`\n\n{${scan},"ns":-1}`, 'line 3: ns: expected more than 0, got -1'],
    [`{${scan},"ns":0}`, 'line 1: ns: expected more than 0, got 0'],
    [`{${scan},"ns":NaN}`, 'line 1 is not valid JSON'],
    [`{${scan},"ns":null}`, 'line 1: ns: expected a finite number, got null'],
    [`{${scan},"ns":1e400}`, 'line 1: ns: expected a finite number, got Infinity'],
    [`{${scan},"ns":"12"}`, 'line 1: ns: expected a finite number, got "12"'],
    [`{${scan},"rate":1e-320,"unit":"hash/s"}`, 'line 1: one execution would take Infinity ns'],
    [`{${scan},"rate":5}`, 'line 1: unit: expected string, got nothing'],
    [`{${scan},"rate":-5,"unit":"hash/s"}`, 'line 1: rate: expected more than 0, got -5'],
    [`{${scan},"rate":5,"unit":"flop/s"}`, 'line 1: unit: expected "hash/s" for sha256d-scan/n4, got "flop/s"'],
    [`{${scan},"rate":5,"unit":"hash/s","ns":4}`, 'line 1: ns: unknown field'],
    [`{${scan},"ns":5,"family":"ai"}`, 'line 1: family: expected "mining"'],
    [`{${scan}}`, 'line 1: expected ns (nanoseconds) or rate with its unit, got neither'],
    [`{${scan},"ns":1,"colour":"red"}`, 'line 1: colour: unknown field'],
    [`{${scan},"ns":1,"round":1.5}`, 'line 1: round: expected a whole number, got 1.5'],
    [`{${scan},"ns":1,"round":1}\n{${scan},"ns":1}`, 'line 2: round: expected one, as on line 1'],
    ['{"workload":"sha265/n4-blocks4","ns":1}', 'line 1: workload: unknown kernel "sha265"; did you mean "sha256"?'],
    ['{"workload":"sha256d-scan/m4","ns":1}', 'line 1: workload: '],
    ['{"workload":"sha256d-scan/n0","ns":1}', 'line 1: workload: '],
    ['{"workload":"a b","ns":1}', 'line 1: workload: '],
    ['{"ns":1}', 'line 1: workload: expected string, got nothing'],
    ['{"workload":"x/y","ns":1,"family":"ai"}', 'line 1: unit: expected work per second'],
    ['{"workload":"x/y","ns":1,"family":"ai","unit":"token/s"}', 'line 1: operations: expected the work done in ns'],
    ['{"workload":"x/y","rate":1,"family":"art","unit":"token/s"}', 'line 1: family: expected "mining" or "ai"'],
  ])('refuses %j', (text, message) => {
    expect(() => read('samples', text)).toThrow(message);
  });
});

describe('how sources are named', () => {
  test.each([
    ['hashcat=hashcat -b -m 1400', { name: 'hashcat', format: 'hashcat', value: 'hashcat -b -m 1400' }],
    ['old:hashcat=./hashcat -b', { name: 'old', format: 'hashcat', value: './hashcat -b' }],
    ['llama-bench= a=b ', { name: 'llama-bench', format: 'llama-bench', value: 'a=b' }],
    ['mine=./a:b=c', { name: 'mine', format: 'samples', value: './a:b=c' }],
  ])('%s', (spec, expected) => {
    expect(parseSource('command', spec)).toEqual({ kind: 'command', ...expected });
  });

  test.each([
    ['hashcat', '--external-file must be NAME=FILE or NAME:FORMAT=FILE, got "hashcat"'],
    ['=x', 'must be NAME=FILE'],
    ['x= ', 'must be NAME=FILE'],
    ['a b=c', 'must be NAME=FILE'],
    ['../x=c', 'must be NAME=FILE'],
    ['x:hashcatt=c', 'unknown format "hashcatt"; did you mean "hashcat"?'],
    ['assay=c', 'stands for what Assay measures itself'],
    ['onnxruntime:samples=c', 'stands for what Assay measures itself'],
    ['node-crypto=c', 'stands for what Assay measures itself'],
  ])('refuses %s', (spec, message) => {
    expect(() => parseSource('file', spec)).toThrow(message);
  });

  test('two of one name are refused', () => {
    const of = (spec: string) => parseSource('file', spec);
    expect(() => distinctSources([of('hashcat=a'), of('mine=b'), of('hashcat=c')])).toThrow('are called hashcat');
    expect(distinctSources([of('hashcat=a'), of('other:hashcat=c')])).toHaveLength(2);
  });

  test('every reader says where a program that gave nothing stands', () => {
    const asked = ['sha256d-scan/n4099', 'sha256/n3-blocks7'].map(parseWorkload);
    const places = readers.flatMap((r) =>
      r.failedAs({ name: 'x', asked }).map((f) => `${f.workload} ${f.implementation}`),
    );
    expect(places).toEqual([
      'sha256d-scan/n4099 external/x',
      'sha256/n3-blocks7 external/x',
      expect.stringMatching(/^sha256\/n\d+-blocks\d+ x\/unknown$/),
      'llm x/unknown',
    ]);
  });
});
