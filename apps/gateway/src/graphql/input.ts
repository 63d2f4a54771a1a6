import { CALL_ID_RULE, EMAIL_MAX_LENGTH, tenantId as tenantIdShape } from '@emailauth/contracts/common'
import { TENANT_ID_RULE } from '@emailauth/contracts/tenant-id-rule'
import { ProblemError } from '@emailauth/service/http/problem-error'
import type { z } from 'zod'

/** The value without its null and undefined fields. In GraphQL either of them means "not given". */
export function withoutNulls<Value>(value: Value): WithoutNulls<Value> {
  // TypeScript cannot follow the type through what is narrowed here at run time, hence the casts.
  if (Array.isArray(value)) return value.map(withoutNulls) as WithoutNulls<Value>
  if (typeof value !== 'object' || value === null) return value as WithoutNulls<Value>
  const given: Record<string, unknown> = {}
  for (const name of Object.keys(value)) {
    const field = value[name as keyof Value]
    if (field !== null && field !== undefined) given[name] = withoutNulls(field)
  }
  return given as WithoutNulls<Value>
}

/** A value whose fields are never null, at any depth: the type of what {@link withoutNulls} returns. */
export type WithoutNulls<Value> = Value extends readonly (infer Item)[]
  ? WithoutNulls<Item>[]
  : Value extends object
    ? { [Name in keyof Value]: WithoutNulls<NonNullable<Value[Name]>> }
    : Value

/** What a field must be, as a sentence without its subject. */
export type FieldHelp = Readonly<Record<string, string>>

/**
 * Validates the caller's input against its shape in the REST contract. On the fast path the input's fields
 * are named one by one: a spread would give each call its own hidden class, which costs 4 µs.
 *
 * @throws {ProblemError} `bad-input` that names the first invalid field, never its value.
 */
export function checkInput<Output>(shape: z.ZodType<Output>, input: object, help: FieldHelp): Output {
  const checked = shape.safeParse(input)
  if (checked.success) return checked.data
  throw badInput(String(checked.error.issues[0]?.path[0] ?? ''), help)
}

/** The problem of one field. */
export function badInput(field: string, help: FieldHelp): ProblemError {
  return new ProblemError('bad-input', `${field} ${help[field] ?? 'is not valid.'}`, { field })
}

/** Help for the fields that `register`, `verify` and `exchange` share. */
export const CALL_HELP = {
  email: `must be an email address with at most ${EMAIL_MAX_LENGTH} characters.`,
  idempotencyKey: CALL_ID_RULE,
  identityId: 'must be the identityId that register gave.',
} as const

/** An optional tenant id of a filter: undefined when it was not given; `bad-input` when it cannot be one. */
export function checkTenantId(field: string, id: string | null | undefined): string | undefined {
  if (id === null || id === undefined) return undefined
  if (tenantIdShape.safeParse(id).success) return id
  throw badInput(field, { [field]: TENANT_ID_RULE })
}
