import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findChromium } from '../../bench/chromium.js';
import { builtFile } from '../../harness/root.js';
import { certified } from '../reports/certificate/sample.js';
import { hardwareResult, sampleResult } from '../reports/sample.js';

const folder = mkdtempSync(join(tmpdir(), 'assay-certify-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);

function assay(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [builtFile('bench/cli.js'), ...args], {
    ...{ cwd: folder, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1', ...env } },
  });
  return { status, stdout, stderr };
}

const result = certified(hardwareResult());
let fingerprint = '';
beforeAll(() => {
  const { status, stdout } = assay(['keygen']);
  expect(status).toBe(0);
  fingerprint = /fingerprint {2}([0-9a-f]{64})\n/.exec(stdout)?.[1] ?? '';
  writeFileSync(at('r.json'), result.result);
  writeFileSync(at('r.jsonl'), result.journal);
});
const sign = ['certify', 'r.json', '--key', 'assay-key.pem'];

describe('assay keygen', () => {
  test('writes a private key that only its owner can read, and the public one', () => {
    expect(fingerprint).not.toBe('');
    if (process.platform !== 'win32') expect(statSync(at('assay-key.pem')).mode & 0o777).toBe(0o600);
    expect(readFileSync(at('assay-key.pem'), 'utf8')).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    expect(readFileSync(at('assay-key.pub.pem'), 'utf8')).toMatch(/^-----BEGIN PUBLIC KEY-----\n/);
  });

  test.each(['assay-key.pem', 'assay-key.pub.pem'])('never overwrites %s', (name) => {
    const out = mkdtempSync(at('keys-'));
    writeFileSync(join(out, name), 'mine');
    const { status, stderr, stdout } = assay(['keygen', '--out', out]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(`${join(out, name)} exists already and is never overwritten`);
    expect(readFileSync(join(out, name), 'utf8')).toBe('mine');
    expect(existsSync(join(out, name === 'assay-key.pem' ? 'assay-key.pub.pem' : 'assay-key.pem'))).toBe(false);
  });

  test('makes the folder, and names one that cannot be made', () => {
    expect(assay(['keygen', '--out', 'a/b']).status).toBe(0);
    expect(assay(['keygen', '--out', 'r.json/x'])).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/the keys cannot be written to r\.json\/x: .*--out DIR/),
    });
  });
});

describe('assay certify and verify', () => {
  test('from a result to a checked certificate', () => {
    const made = assay([...sign, '--challenge', 'for you', '--valid-days', '30', '--page', 'r.html']);
    expect(made).toMatchObject({ status: 0, stderr: '' });
    expect(made.stdout).toMatch(
      /^certificate {2}r\.cert\.json\npage {9}r\.html\nfingerprint {2}[0-9a-f]{64}\nvalid {8}until 20/,
    );
    expect(readFileSync(at('r.html'), 'utf8')).toContain('certificate of measurement');
    const all = [
      '--key',
      'assay-key.pub.pem',
      '--fingerprint',
      fingerprint,
      '--challenge',
      'for you',
      '--journal',
      'r.jsonl',
    ];
    const whole = assay(['verify', 'r.cert.json', 'r.json', ...all]);
    expect(whole).toMatchObject({
      status: 0,
      stderr: '',
      stdout: expect.stringMatching(/^valid: The holder of this key/),
    });
    expect(whole.stdout).not.toContain('not compared');
    // The result beside it is found; what was not compared is said.
    const less = assay(['verify', 'r.cert.json']).stdout;
    for (const word of ['key', 'challenge', 'journal']) expect(less).toMatch(new RegExp(`^${word} +not compared`, 'm'));

    const json = JSON.parse(assay(['verify', 'r.cert.json', '--json', '-']).stdout);
    expect(json).toMatchObject({
      ...{ schema: 'assay.verification/1', outcome: 'valid', fingerprint, result: 'r.json' },
      ...{ statement: { predicate: { challenge: 'for you' } }, compared: { key: false, journal: false } },
    });
  });

  test('every other outcome is exit code 1, and says which', () => {
    assay([...sign, '--force']);
    writeFileSync(at('changed.json'), result.result.toString().replace('"seed": 1', '"seed": 2'));
    writeFileSync(at('other.json'), JSON.stringify(sampleResult({ id: 'other' })));
    writeFileSync(at('short.jsonl'), result.journal.toString().replace(/[^\n]*\n$/, ''));
    const stranger = ['--fingerprint', 'ab'.repeat(32)];
    for (const [args, outcome] of [
      [['r.cert.json', 'changed.json'], 'altered'],
      [['r.cert.json', 'r.json', ...stranger], 'wrong-key'],
      [['r.cert.json', 'other.json'], 'result-does-not-match'],
      [['r.cert.json', 'r.json', '--challenge', 'x'], 'wrong-challenge'],
      [['r.cert.json', 'r.json', '--journal', 'short.jsonl'], 'journal-broken'],
      [['r.json', 'r.json'], 'malformed'],
    ] as const) {
      const { status, stdout, stderr } = assay(['verify', ...args]);
      expect({ status, stderr }, outcome).toEqual({ status: 1, stderr: '' });
      expect(stdout).toMatch(new RegExp(`^${outcome}: .*\\.\\n$`));
    }
    const expired = certified(hardwareResult(), { name: 'r.json' });
    writeFileSync(at('old.cert.json'), expired.text);
    writeFileSync(at('old.json'), expired.result);
    const { status, stdout } = assay(['verify', 'old.cert.json', '--json', '-']);
    // Its time ends on 24 December 2026.
    const outcome = Date.now() > Date.parse('2026-12-24T12:00:00Z') ? 'expired' : 'valid';
    expect(JSON.parse(stdout).outcome).toBe(outcome);
    expect(status).toBe(outcome === 'valid' ? 0 : 1);
  });

  test('says what is doubtful about a key or a result', () => {
    writeFileSync(at('soft.json'), JSON.stringify({ ...sampleResult(), finishedAt: null }));
    writeFileSync(at('open.pem'), readFileSync(at('assay-key.pem')));
    chmodSync(at('open.pem'), 0o644);
    const { status, stderr } = assay(['certify', 'soft.json', '--key', 'open.pem']);
    expect(status).toBe(0);
    expect(stderr).toMatch(/did not finish[\s\S]*software adapter/);
    if (process.platform !== 'win32')
      expect(stderr).toContain('open.pem can be read by others (mode 644): chmod 600 open.pem');
  });

  test('refuses a result whose journal is another', () => {
    writeFileSync(at('torn.json'), result.result);
    writeFileSync(at('torn.jsonl'), result.journal.toString().replace('"startedAt"', '"startedat"'));
    const { status, stderr } = assay(['certify', 'torn.json', '--key', 'assay-key.pem']);
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /torn\.json and its journal torn\.jsonl do not belong together \(line 2: .*assay resume torn\.jsonl/,
    );
    expect(existsSync(at('torn.cert.json'))).toBe(false);
  });

  test('an existing certificate is kept without --force', () => {
    assay([...sign, '--force']);
    const before = readFileSync(at('r.cert.json'), 'utf8');
    expect(assay(sign)).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/r\.cert\.json exists already: --force/),
    });
    expect(readFileSync(at('r.cert.json'), 'utf8')).toBe(before);
    expect(assay([...sign, '--force', '--challenge', 'new']).status).toBe(0);
    expect(readFileSync(at('r.cert.json'), 'utf8')).not.toBe(before);
  });

  test.each([
    [['-o', 'r.json', '--force'], /-o r\.json would overwrite a file/],
    [['-o', 'assay-key.pem', '--force'], /-o assay-key\.pem would overwrite/],
    [['-o', 'n.json', '--page', './n.json'], /--page \.\/n\.json and the certificate go to the same file/],
    [['-o', 'n.json', '--page', 'r.json'], /--page r\.json would overwrite/],
    [['-o', 'n.json', '--page', 'no/where.html'], /--page no\/where\.html cannot be written: no such file/],
    [['-o', 'no/where.json'], /no\/where\.json cannot be written/],
    [['-o', 'n.json', '--valid-days', '0'], /--valid-days must be a whole number from 1 to 36500/],
    [['-o', 'n.json', '--challenge', ''], /--challenge must be 1 to 256 ASCII characters.*openssl rand -hex 16/],
    [['-o', 'n.json', '--challenge', 'ä'], /--challenge must be/],
    [['-o', 'n.json', '--challenge', ' x'], /--challenge must be/],
  ])('certify %j is refused, and nothing is written', (args, message) => {
    const { status, stdout, stderr } = assay([...sign, ...args]);
    expect(stderr).toMatch(message);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(existsSync(at('n.json'))).toBe(false);
    expect(readFileSync(at('r.json')).equals(result.result)).toBe(true);
  });

  describe('bad input exits with 2 and names the file', () => {
    beforeAll(() => {
      const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 });
      writeFileSync(at('rsa.pem'), rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }));
      writeFileSync(at('empty.pem'), '');
      writeFileSync(at('broken.json'), '{"schema":');
      writeFileSync(at('huge.cert.json'), '');
      truncateSync(at('huge.cert.json'), 2 ** 31);
      writeFileSync(at('lonely.cert.json'), result.text);
      writeFileSync(at('r.cert.json'), result.text);
    });

    test.each<[string[], RegExp]>([
      [['certify', 'r.json'], /required option '--key <file>'/],
      [['certify', 'r.json', '--key', 'rsa.pem'], /rsa\.pem is a private key of the kind rsa/],
      [['certify', 'r.json', '--key', 'empty.pem'], /empty\.pem is empty/],
      [['certify', 'r.json', '--key', 'assay-key.pub.pem'], /assay-key\.pub\.pem is a public key/],
      [['certify', 'r.json', '--key', 'none.pem'], /none\.pem: the key cannot be read: no such file/],
      [['certify', 'r.json', '--key', 'huge.cert.json'], /huge\.cert\.json is no key: it is larger than 65536 bytes/],
      [['certify', 'broken.json', '--key', 'assay-key.pem'], /broken\.json: is cut off/],
      [['certify', 'r.jsonl', '--key', 'assay-key.pem'], /is a journal, not a result/],
      [['certify', '.', '--key', 'assay-key.pem'], /the result cannot be read: it is a folder/],
      [['verify', 'none.cert.json'], /none\.cert\.json: the certificate cannot be read: no such file/],
      [['verify', 'lonely.cert.json'], /is not beside it: give it too, `assay verify lonely\.cert\.json RESULT`/],
      [['verify', 'huge.cert.json'], /huge\.cert\.json is no certificate: it is larger than 1048576 bytes/],
      [['verify', 'r.cert.json', 'r.json', '--key', 'assay-key.pem'], /assay-key\.pem is a private key, which only/],
      [['verify', 'r.cert.json', 'r.json', '--fingerprint', 'abc'], /--fingerprint must be 64 hexadecimal digits/],
      [['verify', 'r.cert.json', 'r.json', '--journal', 'none.jsonl'], /none\.jsonl: the journal cannot be read/],
      [['verify', 'r.cert.json', 'r.json', '--json', 'r.json'], /--json r\.json would overwrite/],
      [['verify', 'r.cert.json', 'r.json', 'x'], /too many arguments/],
    ])('assay %j', (args, message) => {
      const { status, stdout, stderr } = assay(args);
      expect(stderr).toMatch(message);
      expect(stderr).not.toMatch(/\n\s+at /);
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    });
  });

  test('a PDF where Chromium is', (context) => {
    try {
      findChromium();
    } catch {
      context.skip('no Chromium');
    }
    expect(assay([...sign, '--force', '--pdf', 'r.pdf'])).toMatchObject({ status: 0 });
    const pdf = readFileSync(at('r.pdf'), 'latin1');
    expect(pdf).toMatch(/^%PDF-1/);
    // A4 in points.
    expect(pdf).toMatch(/\/MediaBox \[0 0 59[45](\.\d+)? 84[12](\.\d+)?\]/);
  });

  test('without Chromium: exit 3 with the command that mends it, and nothing written', () => {
    const { status, stdout, stderr } = assay([...sign, '-o', 'n.json', '--pdf', 'n.pdf'], { PATH: '/nonexistent' });
    expect(stderr).toMatch(/--pdf needs Chromium.*Install one: \S+[\s\S]*--page FILE\.html/);
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
    expect([existsSync(at('n.json')), existsSync(at('n.pdf'))]).toEqual([false, false]);
    expect(assay([...sign, '-o', 'n.json', '--pdf', 'n.pdf'], { ASSAY_CHROMIUM: 'r.json' }).status).toBe(3);
    expect(assay([...sign, '--force', '--pdf', 'n.pdf'], { ASSAY_CHROMIUM: '/bin/false' })).toMatchObject({
      status: 3,
      stderr: expect.stringMatching(/\/bin\/false made no PDF \(exit code 1\)/),
    });
  });
});
