const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** HTML that was put together here. Only {@link html} makes it. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** Whatever is put into such a template is shown as text, except other HTML of ours. */
export function html(parts: TemplateStringsArray, ...values: readonly (string | Html)[]): Html {
  return new Html(String.raw({ raw: parts }, ...values.map(markup)))
}

function markup(value: string | Html): string {
  if (value instanceof Html) return value.text
  return value.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '')
}

export const NOTHING = html``
