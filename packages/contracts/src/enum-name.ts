/**
 * The name of a contract value as GraphQL and webhooks spell it: `client-ip` is `CLIENT_IP`, `mail.smtpUrl`
 * `MAIL_SMTP_URL`. A value that is such a name already stays as it is.
 */
export type EnumName<Value extends string> = string extends Value
  ? string
  : Value extends Uppercase<Value>
    ? Value
    : Words<Value>

type Words<Text extends string> = Text extends `${infer First}${infer Rest}`
  ? `${First extends '-' | '.' ? '_' : First extends Lowercase<First> ? Uppercase<First> : `_${First}`}${Words<Rest>}`
  : ''

/** The {@link EnumName} of a value. The cast is the one place where type and function must agree. */
export const enumName = <Value extends string>(value: Value) =>
  value
    .replace(/[.-]/g, '_')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toUpperCase() as EnumName<Value>
