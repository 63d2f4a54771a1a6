import { registerEnumType } from 'type-graphql'

/** The GraphQL name of a contract value: `client-ip` is `CLIENT_IP`, `mail.smtpUrl` `MAIL_SMTP_URL`. */
export type EnumName<Value extends string> = Value extends Uppercase<Value> ? Value : Words<Value>

type Words<Text extends string> = Text extends `${infer First}${infer Rest}`
  ? `${First extends '-' | '.' ? '_' : First extends Lowercase<First> ? Uppercase<First> : `_${First}`}${Words<Rest>}`
  : ''

export interface ContractEnumOptions<Value extends string> {
  readonly name: string
  readonly description: string
  /** What each value means. */
  readonly values: Readonly<Record<Value, string>>
}

/**
 * Registers an enum of the REST contracts as a GraphQL enum. The contract's values are the one list: each
 * needs a description, and none can be added here.
 */
export function contractEnum<const Value extends string>(
  options: readonly Value[],
  { name, description, values }: ContractEnumOptions<Value>,
): { readonly [One in Value as EnumName<One>]: One } {
  const named = Object.fromEntries(options.map((value) => [enumName(value), value]))
  registerEnumType(named, {
    name,
    description,
    valuesConfig: Object.fromEntries(
      options.map((value) => [enumName(value), { description: values[value] }]),
    ),
  })
  return named as { [One in Value as EnumName<One>]: One }
}

const enumName = (value: string) =>
  value
    .replace(/[.-]/g, '_')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toUpperCase()
