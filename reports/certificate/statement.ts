import { z } from 'zod';
import { sha256 } from '../journal-chain.js';
import { type Result, SCHEMA_ID, sha256Hex } from '../schema.js';
import { explainIssues } from '../validate.js';
import { type Read, readJson, type Unreadable } from './dsse.js';

/**
 * What is signed: an in-toto Statement v1 (in-toto/attestation, spec/v1/statement.md) whose subject is the result file,
 * byte for byte, and whose predicate says in short what stands in it. Unknown fields are signed like all others and are
 * ignored when read.
 */
export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
/** A name and not an address: there is nothing to fetch. The number changes when older readers would misread it. */
export const PREDICATE_TYPE = 'urn:assay:certificate:1';

const text = z.string().nullable();

/** In words of the result. A reader derives it anew and compares, so that it cannot say what the result does not. */
const summary = z.object({
  /** `measurement`: of `assay run`; it has no verdict on the card. */
  kind: z.enum(['measurement', 'qualification']),
  result: z.object({
    schema: z.string(),
    id: z.string(),
    suite: z.string(),
    startedAt: z.string(),
    /** Null when the run did not finish. */
    finishedAt: text,
  }),
  tool: z.object({ name: z.string(), version: z.string(), commit: text, dirty: z.boolean().nullable() }),
  card: z.object({
    name: z.string(),
    vendor: z.string(),
    architecture: z.string(),
    backend: z.string(),
    driver: text,
    /** A program that computed in place of a card. */
    software: z.boolean(),
    vramBytes: z.number().nullable(),
    ...{ pciId: text, subsystemId: text, vbios: text, uuidHash: text },
  }),
  /** The result's verdict as it stands there, without its policy. */
  verdict: z.record(z.string(), z.json()).nullable(),
  /** SHA-256 of the verdict's policy as JSON without white space, its fields in the result's order. */
  policySha256: sha256Hex.nullable(),
  journal: z.object({ lines: z.number(), sha256Head: sha256Hex }).nullable(),
});

const statement = z.object({
  _type: z.literal(STATEMENT_TYPE),
  subject: z.array(z.object({ name: z.string().min(1), digest: z.object({ sha256: sha256Hex }) })).length(1),
  predicateType: z.literal(PREDICATE_TYPE),
  predicate: z.object({
    ...summary.shape,
    /** SubjectPublicKeyInfo in DER, base64. */
    signer: z.object({ algorithm: z.literal('Ed25519'), publicKey: z.string() }),
    issuedAt: z.iso.datetime(),
    /** Null: without end. */
    validUntil: z.iso.datetime().nullable(),
    /** What the buyer asked to find here. */
    challenge: z.string().nullable(),
  }),
});

export type Summary = z.infer<typeof summary>;
export type Statement = z.infer<typeof statement>;

/** The digest of what a certificate is about. */
export const subjectOf = ({ subject }: Statement): string => (subject[0] as Statement['subject'][number]).digest.sha256;

export function summaryOf(result: Result): Summary {
  const { id, suite, startedAt, finishedAt, tool, device, verdict } = result;
  const { name, vendor, architecture, backend, driver, software, vramBytes, identity } = device;
  // As JSON has it: no undefined, no -0.
  const { policy, ...said } = JSON.parse(JSON.stringify(verdict ?? {})) as Record<string, z.core.util.JSONType>;
  return {
    kind: verdict ? 'qualification' : 'measurement',
    result: { schema: SCHEMA_ID, id, suite, startedAt, finishedAt },
    tool: { name: tool.name, version: tool.version, commit: tool.commit, dirty: tool.dirty },
    card: {
      ...{ name, vendor, architecture, backend, driver, software, vramBytes },
      pciId: identity?.pciId ?? null,
      subsystemId: identity?.subsystemId ?? null,
      vbios: identity?.vbios ?? null,
      uuidHash: identity?.uuidHash ?? null,
    },
    verdict: verdict ? said : null,
    policySha256: policy === undefined ? null : sha256(Buffer.from(JSON.stringify(policy))),
    journal: result.journal ?? null,
  };
}

/** The part of a statement that follows from the result. */
export const signedSummary = ({ predicate }: Statement): Summary => summary.parse(predicate);

export function readStatement(payload: Uint8Array): Read<Statement> {
  const json = readJson(payload, 'an in-toto statement');
  if (!json.ok) return { ...json, detail: `its payload ${json.detail}` };
  // A field given twice would be read as this by one program and as that by another.
  if (JSON.stringify(json.value) !== Buffer.from(payload).toString('utf8'))
    return unreadable('expected JSON without white space, each field once');
  const checked = statement.safeParse(json.value);
  if (checked.success) return { ok: true, value: checked.data };
  return unreadable(explainIssues(checked.error, json.value).join('; '));
}

const unreadable = (detail: string): Unreadable => ({ ok: false, fault: 'malformed', detail: `payload: ${detail}` });
