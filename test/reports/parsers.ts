import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { Lexer, type Token, type Tokens } from 'marked';
import { expect } from 'vitest';
import { memoryPages, validateXML } from 'xmllint-wasm';
import { packageRoot } from '../../harness/root.js';

/** Somebody else's readers of what exporters write. */

const schema = readFileSync(join(packageRoot, 'test/fixtures/junit.xsd'), 'utf8');

/** JUnit XML by libxml2: well-formed, and within the schema. @returns the canonical form */
export async function validJunit(xml: string): Promise<string> {
  const found = await validateXML({
    ...{ xml: [{ fileName: 'junit.xml', contents: xml }], schema, normalization: 'c14n' },
    maxMemoryPages: memoryPages.GiB,
  });
  expect(found.errors).toEqual([]);
  expect(found.valid).toBe(true);
  return found.normalized;
}

/** Canonical XML 1.1, 1.1: what stands for what in an attribute. */
export const canonical = (text: string) =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\t', '&#x9;')
    .replaceAll('\n', '&#xA;')
    .replaceAll('\r', '&#xD;');

/** By csv-parse, which refuses stray quotes and records of another length (RFC 4180, 2.4 and 2.5). */
export const csvRows = (text: string) =>
  parse(text, { columns: true, record_delimiter: '\r\n' }) as Record<string, string>[];

export function jsonLines(text: string): Record<string, unknown>[] {
  expect(text === '' || text.endsWith('\n')).toBe(true);
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

/** By marked, as GitHub-flavoured Markdown. */
export const lex = (text: string) => new Lexer({ gfm: true }).lex(text);
export const markdownTables = (text: string) =>
  lex(text).filter((token): token is Tokens.Table => token.type === 'table');

/** Every token, in depth. */
export function walk(tokens: readonly Token[]): Token[] {
  return tokens.flatMap((token) => {
    const { tokens: below = [], items = [] } = token as Partial<Tokens.Generic & Tokens.List>;
    const { header = [], rows = [] } = token as Partial<Tokens.Table>;
    const cells = [...header, ...rows.flat()].flatMap((cell) => cell.tokens);
    return [token, ...walk(below), ...walk(items), ...walk(cells)];
  });
}

/** What a code span holds. */
export const codeSpans = (tokens: readonly Token[]) =>
  walk(tokens)
    .filter((token): token is Tokens.Codespan => token.type === 'codespan')
    .map(({ text }) => text);

/** Nothing in a text is markup but what the exporter itself writes. */
export function expectInert(text: string): void {
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Surrogate}\u202a-\u202e\u2066-\u2069]/u);
  for (const { header, rows } of markdownTables(text)) for (const row of rows) expect(row).toHaveLength(header.length);
  const made = new Set(walk(lex(text)).map(({ type }) => type));
  for (const type of ['link', 'image', 'em', 'hr', 'del', 'code']) expect(made).not.toContain(type);
  for (const { raw } of walk(lex(text)).filter(({ type }) => type === 'html'))
    expect(raw.trim()).toMatch(/^(<\/?details>|<br>|<details><summary>[\w ,:()]*<\/summary>)$/);
}
