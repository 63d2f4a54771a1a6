const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  zwnj: '',
}

const HIDDEN = new Set(['style', 'script', 'title'])

/**
 * Text of an HTML mail, for search and for the preview below its subject. One pass from tag to tag, so the
 * time is linear in the length even for a mail of a million open tags.
 */
export function textOfHtml(html: string): string {
  const [head = '', ...pieces] = html.split('<')
  const text = [head]
  let hidden: string | undefined
  for (const piece of pieces) {
    const tag = (/^\/?[a-z0-9]*/i.exec(piece)?.[0] ?? '').toLowerCase()
    if (hidden !== undefined) {
      if (tag !== `/${hidden}`) continue
      hidden = undefined
    } else if (HIDDEN.has(tag)) {
      hidden = tag
      continue
    }
    text.push(piece.slice(piece.indexOf('>') + 1))
  }
  return text
    .join(' ')
    .replace(/&([a-z]+|#\d{1,6}|#x[\da-f]{1,5});/gi, (written, name: string) => entity(name) ?? written)
}

/** Six digits, or five hexadecimal ones, are always a code point; of one more, some are none. */
function entity(name: string): string | undefined {
  if (!name.startsWith('#')) return ENTITIES[name.toLowerCase()]
  // `#x27` is `0x27`.
  return String.fromCodePoint(Number(name[1]?.toLowerCase() === 'x' ? `0${name.slice(1)}` : name.slice(1)))
}
