import { getMetadataStorage } from 'type-graphql'

/** A message of graphql-js or Apollo Server about a request, without the values that it quotes. */
export interface SafeMessage {
  readonly message: string
  /** The input field at fault, when the message names it. */
  readonly field?: string
}

// graphql-js quotes the value it refuses, which may be a token, a number or an address. These are its
// reasons, up to where the value begins. A stranger may have written 64 KiB of it. So no pattern may read on
// without a bound from many places of the message, which would stop the gateway for many seconds.
const REASONS = [
  /Field "\w+" of required type "[\w![\]]+" was not provided\.$/,
  /Field "\w+" is not defined by type "\w+"\./,
  /Expected non-nullable type "[\w![\]]+" not to be null\.$/,
  /Expected type "[\w![\]]+" to be an object\.$/,
  /\b\w{1,80} cannot represent (?:an? )?(?:non[- ])?[\w -]{1,80} value(?=:|$)/,
]

/** The values of an enum by its name in the schema; undefined when there is none of this name. */
export type EnumValues = (name: string) => readonly string[] | undefined

// What is wrong with a value of an enum. The enum's name follows the value, so the last match is the name.
const ENUMS = [
  /does not exist in "(\w+)" enum\.(?: Did you mean [^?]{1,500}\?)?$/,
  /Enum "(\w+)" cannot represent non-(?:string|enum) value/,
]
// What a scalar may be, by the beginning of its own message.
const FORMATS: readonly (readonly [RegExp, string])[] = [
  [/DateTime cannot represent/, 'A DateTime is such as "2026-01-02T03:04:05Z".'],
  [/ID cannot represent/, 'An ID is a string or a whole number.'],
]
const MOST_VALUES = 12
const VARIABLE = /^Variable "\$(\w+)" got invalid value /
const AT_PATH = / at "([\w.[\]]{1,200})"; /
const SYNTAX = /^Syntax Error: /
/** Such a document may be valid. */
const TOO_LONG = /^Syntax Error: Document contains more tha[nt] (\d+) tokens/

/** The same message without the values it quotes. */
export function withoutValues(message: string, valuesOf: EnumValues = registeredValues): SafeMessage {
  const [, mostTokens] = TOO_LONG.exec(message) ?? []
  if (mostTokens !== undefined) return { message: `A document has at most ${mostTokens} tokens.` }
  if (SYNTAX.test(message)) return { message: 'This is not a GraphQL document; see the location.' }
  const [variable, name] = VARIABLE.exec(message) ?? []
  if (variable !== undefined) {
    const [, path] = AT_PATH.exec(message) ?? []
    const field = path?.split('.').slice(1).join('.')
    return {
      message: `Variable "$${name}"${path === undefined ? '' : ` at "${path}"`} is not valid: ${reasonIn(message, valuesOf)}`,
      ...(field === undefined || field === '' ? {} : { field }),
    }
  }
  const mayQuote = / value|found |cannot represent|does not exist in/i.test(message)
  return { message: mayQuote ? reasonIn(message, valuesOf) : message }
}

function reasonIn(message: string, valuesOf: EnumValues): string {
  for (const pattern of ENUMS) {
    const [, name = ''] = pattern.exec(message) ?? []
    const values = valuesOf(name)
    if (values !== undefined) return `It must be ${listed(values)} (${name}).`
  }
  for (const reason of REASONS) {
    const [found] = reason.exec(message) ?? []
    if (found !== undefined) return found.endsWith('.') ? found : `${found}.`
  }
  for (const [pattern, sentence] of FORMATS) if (pattern.test(message)) return sentence
  return 'A value has the wrong type.'
}

function listed(values: readonly string[]): string {
  const shown = values.slice(0, MOST_VALUES)
  if (values.length > shown.length) return `one of ${values.length} values such as ${shown.join(', ')}`
  return [shown.slice(0, -1).join(', '), shown.at(-1)].filter(Boolean).join(' or ')
}

/** The enums that type-graphql knows, which are those of the schema. */
function registeredValues(name: string): readonly string[] | undefined {
  const known = getMetadataStorage().enums.find((one) => one.name === name)
  return known === undefined ? undefined : Object.keys(known.enumObj)
}
