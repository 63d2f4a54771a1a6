/** One term of a search: `-from:"Ada L"` is field `from`, value `Ada L`, excluded. */
export interface Term {
  /** In lower case; undefined for plain words. */
  readonly field: string | undefined
  readonly value: string
  readonly excluded: boolean
  /** False when the whole term stands in quotes, so that its colon is text. */
  readonly fieldIsCertain: boolean
}

const TERM = /(?:"[^"]*(?:"|$)|[^\s"])+/g
const FIELD = /^([a-z][a-z-]*):(?!\/\/)/i

/** Splits a search at the spaces outside quotes, and takes the quotes away. Signs alone are left out. */
export function termsOf(query: string): Term[] {
  const terms = (query.match(TERM) ?? []).map(termOf)
  return terms.filter(({ field, value }) => field !== undefined || /[\p{L}\p{N}]/u.test(value))
}

function termOf(written: string): Term {
  const excluded = /^[-!]./.test(written)
  const body = excluded ? written.slice(1) : written
  const text = body.replaceAll('"', '')
  const field = FIELD.exec(text)?.[1]?.toLowerCase()
  return {
    field,
    value: field === undefined ? text : text.slice(field.length + 1),
    excluded,
    fieldIsCertain: !body.startsWith('"'),
  }
}
