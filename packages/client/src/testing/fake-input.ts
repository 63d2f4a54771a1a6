import { InputError } from '../client.ts'

/**
 * The input of a call, as TypeScript asks for it. A caller without types may have left out it or a field.
 * @throws {InputError} as the gateway answers that.
 */
export function given<Input extends object>(
  input: Input | null | undefined,
  ...required: readonly (keyof Input & string)[]
): Input {
  const missing = required.find((name) => typeof input?.[name] !== 'string')
  if (input && missing === undefined) return input
  throw new InputError('BAD_USER_INPUT', `Field "${missing}" of required type "String!" was not provided.`)
}
