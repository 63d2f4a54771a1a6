import { createHash } from 'node:crypto'

/** Something that must be found nowhere. */
export interface Secret {
  /** What it is, without what it says: it identifies hits. */
  readonly name: string
  readonly value: string | Buffer
  /** Numbers and addresses can be guessed, so that a bare hash of one gives it away. */
  readonly guessable?: boolean
}

/** A text that is searched for secrets. */
export interface SearchedText {
  readonly name: string
  readonly content: string | Buffer
}

/**
 * Searches texts for secrets, ignoring case, in every encoding: plain, in groups, base64 and base64url at
 * each alignment, hex, URL-encoded, JSON-escaped, or hashed where a hash would not hide them. Returns the
 * hits.
 */
export function hunt(texts: readonly SearchedText[], secrets: readonly Secret[]): string[] {
  const needles = secrets.flatMap(({ name, value, guessable = false }) =>
    [...formsOf(value, guessable)].map(([form, text]) => ({ name: `${name}, ${form}`, text: fold(text) })),
  )
  return texts.flatMap((searched) => {
    const hay = fold(searched.content)
    return needles.filter(({ text }) => hay.includes(text)).map(({ name }) => `${searched.name}: ${name}`)
  })
}

/** Bytes as characters, so that text and bytes are searched alike. */
function fold(content: string | Buffer): string {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  return bytes.toString('latin1').toLowerCase()
}

function* formsOf(value: string | Buffer, guessable: boolean): Generator<[string, string | Buffer]> {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value
  yield ['as it is', bytes]
  yield ['hex', bytes.toString('hex')]
  yield ['bytes in JSON', [...bytes].join(',')]
  for (const offset of [0, 1, 2]) {
    const padded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64')
    // Without the characters that hold bits of what stands before and after.
    const inside = padded.slice(offset === 0 ? 0 : offset + 1, Math.floor(((offset + bytes.length) * 8) / 6))
    yield [`base64 at ${offset}`, inside]
    yield [`base64url at ${offset}`, inside.replaceAll('+', '-').replaceAll('/', '_')]
  }
  if (typeof value === 'string') {
    yield ['URL-encoded', encodeURIComponent(value)]
    yield ['in JSON', JSON.stringify(value).slice(1, -1)]
    if (/^\d{6,}$/.test(value)) yield* groupsOf(value)
  }
  if (!guessable) return
  for (const algorithm of ['sha256', 'sha1', 'md5']) {
    const hash = createHash(algorithm).update(bytes).digest()
    yield [algorithm, hash]
    yield [`${algorithm} in hex`, hash.toString('hex')]
    yield [`${algorithm} in base64`, hash.toString('base64').replace(/=+$/, '')]
    yield [`${algorithm} in base64url`, hash.toString('base64url')]
  }
}

/** A number as people and mails write it. */
function* groupsOf(digits: string): Generator<[string, string]> {
  for (const size of [2, 3, 4, 6]) {
    const groups = digits.match(new RegExp(`\\d{1,${size}}`, 'g')) ?? []
    for (const between of [' ', '-', '.', '\u00a0', '%20', '+', '&nbsp;', '","', ',']) {
      yield [`in groups of ${size}`, groups.join(between)]
    }
  }
}
