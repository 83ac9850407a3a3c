/** Text that is HTML already. Everything else that goes into a page is escaped. */
export class Markup {
  readonly html: string;
  constructor(html: string) {
    this.html = html;
  }
  toString(): string {
    return this.html;
  }
}

export type Content = Markup | string | number | null | undefined | false | readonly Content[];

/** Controls, which HTML forbids, and characters that turn the direction of writing, which would disguise a name. */
const UNPRINTABLE = /(?![\t\n\r])\p{Cc}|[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu;
const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Safe as text and inside quoted attributes. */
export function escapeHtml(text: string): string {
  return clean(text).replace(/[&<>"']/g, (c) => entities[c] as string);
}

/** Without unprintable characters and halves of surrogate pairs: for text that something else escapes. */
export function clean(text: string): string {
  return text.replace(UNPRINTABLE, '\ufffd').replace(/\p{Surrogate}/gu, '\ufffd');
}

/** A template whose values are escaped, unless they are `Markup`. Null, undefined and false leave nothing. */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return new Markup(parts.reduce((sum, part, i) => sum + render(values[i - 1]) + part));
}

function render(value: Content): string {
  if (value === null || value === undefined || value === false) return '';
  if (value instanceof Markup) return value.html;
  if (typeof value === 'string') return escapeHtml(value);
  if (typeof value === 'number') return String(value);
  return value.map(render).join('');
}

/** Plain text whose `code` between backticks is set as code. */
export function prose(text: string): Markup {
  const parts = text.split('`');
  // An odd backtick is a backtick.
  if (parts.length % 2 === 0) return html`${text}`;
  return html`${parts.map((part, i) => (i % 2 === 1 ? html`<code>${part}</code>` : part))}`;
}
