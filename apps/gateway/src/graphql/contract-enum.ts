import { type EnumName, enumName } from '@emailauth/contracts/enum-name'
import { registerEnumType } from 'type-graphql'

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
  // The entries are those of the type; `Object.fromEntries` forgets them.
  return named as { [One in Value as EnumName<One>]: One }
}
