import { createPublicKey, verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { PAYLOAD_TYPE, pae, readEnvelope, writeEnvelope } from '../../../reports/certificate/dsse.js';
import { isSignedBy, sign } from '../../../reports/certificate/index.js';
import { seller } from './sample.js';

const bytes = (text: string, encoding: BufferEncoding = 'utf8') => Buffer.from(text, encoding);

// secure-systems-lab/dsse, testvectors/vectors.json (82043ad); key A is RFC 8032's TEST 1.
const vectors = [
  {
    id: 'single-signature',
    payloadType: PAYLOAD_TYPE,
    payload: 'eyJfdHlwZSI6Imh0dHBzOi8vaW4tdG90by5pby9TdGF0ZW1lbnQvdjEifQ==',
    sig: '2WAfaHm5jluo0w+0rk8uVkluELJYWjSmU9x7EUzx+AyteDGJ4/nqyJXfmAUVFIAoQafWm7AxBZNw5M9ixNHiCA==',
    pae: '445353457631203238206170706c69636174696f6e2f766e642e696e2d746f746f2b6a736f6e203433207b225f74797065223a2268747470733a2f2f696e2d746f746f2e696f2f53746174656d656e742f7631227d',
  },
  {
    id: 'non-ascii-payload-type',
    payloadType: 'application/vnd.exämple+json',
    payload: 'eyJfdHlwZSI6Imh0dHBzOi8vaW4tdG90by5pby9TdGF0ZW1lbnQvdjEifQ==',
    sig: 'xmSk/ug66ysT7ayhkCIjhAq42zgZXSsEWuzUaNL7w2eGAdF/NU6/fRXPtmfN+5DNSAs5/i2lUnHjbbjPsu0tAw==',
    pae: '445353457631203239206170706c69636174696f6e2f766e642e6578c3a46d706c652b6a736f6e203433207b225f74797065223a2268747470733a2f2f696e2d746f746f2e696f2f53746174656d656e742f7631227d',
  },
  {
    id: 'empty-payload',
    payloadType: PAYLOAD_TYPE,
    payload: '',
    sig: 'gSggCAaTLTYyRH6FIDBem6meyIynsYy8RTHVzwx9tnTb7Bg/1jMWnuVgI/gffqmbsC2VX5/jHfkkDqsj7CDbDg==',
    pae: '445353457631203238206170706c69636174696f6e2f766e642e696e2d746f746f2b6a736f6e203020',
  },
];

describe('pre-authentication encoding', () => {
  test('the worked example of the specification (protocol.md, "Test Vectors"), under its signature by ECDSA P-256', () => {
    const encoded = pae('http://example.com/HelloWorld', bytes('hello world'));
    expect(encoded.toString()).toBe('DSSEv1 29 http://example.com/HelloWorld 11 hello world');
    const coordinate = (decimal: string) =>
      bytes(BigInt(decimal).toString(16).padStart(64, '0'), 'hex').toString('base64url');
    const jwk = {
      ...{ kty: 'EC', crv: 'P-256' },
      x: coordinate('46950820868899156662930047687818585632848591499744589407958293238635476079160'),
      y: coordinate('5640078356564379163099075877009565129882514886557779369047442380624545832820'),
    };
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    const signature = 'A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA==';
    expect(verify('sha256', encoded, { key, dsaEncoding: 'ieee-p1363' }, bytes(signature, 'base64'))).toBe(true);
  });

  test.each(vectors)('$id', ({ payloadType, payload, sig, pae: expected }) => {
    const encoded = pae(payloadType, bytes(payload, 'base64'));
    expect(encoded.toString('hex')).toBe(expected);
    expect(sign(encoded, seller).toString('base64')).toBe(sig);
    expect(isSignedBy(encoded, bytes(sig, 'base64'), seller.public)).toBe(true);
  });

  test('counts bytes and takes any', () => {
    expect(pae('t', bytes('ff00', 'hex')).toString('hex')).toBe(`${bytes('DSSEv1 1 t 2 ').toString('hex')}ff00`);
  });
});

describe('the envelope', () => {
  const made = { payload: bytes('{"a":1}'), keyid: 'ab', signature: Buffer.alloc(64, 7) };
  const text = writeEnvelope(made);
  const read = (changed: string) => readEnvelope(bytes(changed));

  test('is what envelope.md says, and is read again', () => {
    expect(JSON.parse(text)).toEqual({
      payloadType: 'application/vnd.in-toto+json',
      payload: 'eyJhIjoxfQ==',
      signatures: [{ keyid: 'ab', sig: Buffer.alloc(64, 7).toString('base64') }],
    });
    expect(readEnvelope(bytes(text))).toEqual({ ok: true, value: made });
  });

  test.each([
    ['white space', (t: string) => t.replace('{\n', '{ \n')],
    ['no newline at its end', (t: string) => t.trimEnd()],
    [
      'another order of fields',
      (t: string) => `${JSON.stringify({ signatures: JSON.parse(t).signatures, ...JSON.parse(t) }, null, 2)}\n`,
    ],
    ['an escape', (t: string) => t.replace('"ab"', '"\\u0061b"')],
    ['a field twice', (t: string) => t.replace('"payload":', '"payload": "AAAA",\n  "payload":')],
    ['base64 without padding', (t: string) => t.replace('eyJhIjoxfQ==', 'eyJhIjoxfQ')],
    ['spare bits in base64', (t: string) => t.replace('eyJhIjoxfQ==', 'eyJhIjoxfR==')],
    ['URL-safe base64', (t: string) => t.replace('BwcH', 'BwcH-')],
    ['a byte order mark', (t: string) => t.replace('payloadType', 'payloadType').replace(/^/, '\ufeff')],
  ])('%s is not as it was written', (_, change) => {
    const changed = change(text);
    expect(changed).not.toBe(text);
    const found = read(changed);
    expect(found.ok).toBe(false);
    if (!changed.startsWith('\ufeff')) expect(found).toMatchObject({ fault: 'altered' });
  });

  test.each([
    ['', /is empty; expected a certificate/],
    ['hello', /is not JSON; expected a certificate/],
    ['[]', /the file: expected object, got an array/],
    ['null', /expected object/],
    [text.slice(0, -20), /is not JSON/],
    [
      text.replace('in-toto', 'other'),
      /payloadType: expected "application\/vnd\.in-toto\+json", got "application\/vnd\.other/,
    ],
    [text.replace('"payload":', '"extra": 1, "payload":'), /extra: unknown field/],
    [text.replace('"keyid"', '"key"'), /signatures\[0\]\.keyid: expected string, got nothing/],
    [text.replace(/"signatures": [\s\S]*\]/, '"signatures": []'), /signatures: expected/],
  ])('%j is malformed', (changed, detail) => {
    expect(read(changed)).toMatchObject({ ok: false, fault: 'malformed', detail: expect.stringMatching(detail) });
  });

  test('bytes that are no UTF-8 are malformed', () => {
    expect(readEnvelope(Buffer.from([0xff, 0xfe]))).toMatchObject({
      detail: expect.stringContaining('not text in UTF-8'),
    });
  });
});
