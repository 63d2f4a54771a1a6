/** A message that graphql-js or Apollo Server wrote about a request, fit to be answered. */
export interface SafeMessage {
  readonly message: string
  /** The input field at fault, when the message names it. */
  readonly field?: string
}

// graphql-js quotes the value it refuses, which may be a token, a number or an address. These are its
// reasons, up to where the value begins.
const REASONS = [
  /Field "\w+" of required type "[\w![\]]+" was not provided\.$/,
  /Field "\w+" is not defined by type "\w+"\./,
  /Expected non-nullable type "[\w![\]]+" not to be null\.$/,
  /Expected type "[\w![\]]+" to be an object\.$/,
  /\w+ cannot represent (?:an? )?(?:non[- ])?[\w -]+ value(?=:|$)/,
]
const VARIABLE = /^Variable "\$(\w+)" got invalid value /
const AT_PATH = / at "([\w.[\]]{1,200})"; /
const SYNTAX = /^Syntax Error: /

/** The same message without the values it quotes. */
export function withoutValues(message: string): SafeMessage {
  if (SYNTAX.test(message)) return { message: 'This is not a GraphQL document; see the location.' }
  const [variable, name] = VARIABLE.exec(message) ?? []
  if (variable !== undefined) {
    const [, path] = AT_PATH.exec(message) ?? []
    const field = path?.split('.').slice(1).join('.')
    return {
      message: `Variable "$${name}"${path === undefined ? '' : ` at "${path}"`} is not valid: ${reasonIn(message)}`,
      ...(field === undefined || field === '' ? {} : { field }),
    }
  }
  return { message: message.includes(' value') || message.includes('found ') ? reasonIn(message) : message }
}

function reasonIn(message: string): string {
  for (const reason of REASONS) {
    const [found] = reason.exec(message) ?? []
    if (found !== undefined) return found.endsWith('.') ? found : `${found}.`
  }
  return 'A value has the wrong type.'
}
