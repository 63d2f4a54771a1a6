import type { TenantDetailsQuery, TenantMailInput } from '../../generated/graphql.ts'
import { recordOf } from '../../lib/typed-record.ts'

type Mail = NonNullable<TenantDetailsQuery['tenant']>['settings']['mail']

export const LOOK_FIELDS = ['colour', 'logoUrl', 'linkTemplate'] as const
type LookField = (typeof LOOK_FIELDS)[number]

/** How mails look, as the form holds it. */
export type Look = Readonly<Record<LookField, string>> & { readonly codeInSubject: boolean }

export function lookOf(mail: Mail): Look {
  const texts = recordOf(LOOK_FIELDS, (field) => mail[field] ?? '')
  return { ...texts, codeInSubject: mail.codeInSubject ?? true }
}

/** Only what was changed. An emptied field is taken away. */
export function lookChanges(before: Look, after: Look): Pick<TenantMailInput, LookField | 'codeInSubject'> {
  const changed = LOOK_FIELDS.flatMap((field) => {
    const value = after[field].trim()
    return value === before[field] ? [] : [[field, value === '' ? null : value] as const]
  })
  return {
    ...Object.fromEntries(changed),
    ...(after.codeInSubject !== before.codeInSubject && { codeInSubject: after.codeInSubject }),
  }
}
