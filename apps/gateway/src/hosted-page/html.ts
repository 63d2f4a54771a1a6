const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text that is HTML already, so {@link html} does not escape it. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** Makes HTML from a template. Every value is escaped, unless it is {@link Html}. */
export function html(parts: TemplateStringsArray, ...values: readonly (string | Html)[]): Html {
  return new Html(String.raw({ raw: parts }, ...values.map(markup)))
}

function markup(value: string | Html): string {
  if (value instanceof Html) return value.text
  return value.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '')
}

/** For a part of a page that may be absent. */
export const NOTHING = html``
