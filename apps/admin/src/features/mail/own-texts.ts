import type { TenantDetailsQuery, TenantMailTextInput } from '../../generated/graphql.ts'
import { recordOf } from '../../lib/typed-record.ts'

export type OwnText = NonNullable<
  NonNullable<TenantDetailsQuery['tenant']>['settings']['mail']['texts']
>[number]

export const TEXT_FIELDS = ['subject', 'heading', 'intro', 'footer'] as const
export type TextField = (typeof TEXT_FIELDS)[number]
export type TextValues = Readonly<Record<TextField, string>>

/** Characters of each, as the service takes them. */
export const LONGEST = { subject: 150, heading: 150, intro: 400, footer: 400 } as const

/** The texts of one language as the form shows them. */
export function textsOf(texts: readonly OwnText[], language: string): TextValues {
  const own = texts.find((text) => text.language === language)
  return recordOf(TEXT_FIELDS, (field) => own?.[field] ?? '')
}

/** All texts with those of one language replaced, as the gateway takes them. An empty text is left out. */
export function withTexts(
  texts: readonly (OwnText | TenantMailTextInput)[],
  language: string,
  values: TextValues,
): TenantMailTextInput[] {
  const own = fieldsOf(values)
  const others = texts
    .filter((text) => text.language !== language)
    .map((text) => ({ language: text.language, ...fieldsOf(text) }))
  return Object.keys(own).length === 0 ? others : [...others, { language, ...own }]
}

/** What is typed, by language. What was typed in one stays while another one is looked at. */
export type Drafts = Readonly<Record<string, TextValues>>

/** All texts with those of the drafts, as the gateway takes them. */
export const withDrafts = (texts: readonly OwnText[], drafts: Drafts): TenantMailTextInput[] =>
  Object.entries(drafts).reduce<TenantMailTextInput[]>(
    (all, [language, values]) => withTexts(all, language, values),
    withTexts(texts, '', textsOf([], '')),
  )

/** The drafts of texts that somebody else has changed meanwhile: what was not typed here is theirs. */
export function rebased(drafts: Drafts, before: readonly OwnText[], now: readonly OwnText[]): Drafts {
  return Object.fromEntries(
    Object.entries(drafts).map(([language, typed]) => {
      const [old, theirs] = [textsOf(before, language), textsOf(now, language)]
      const merged = recordOf(TEXT_FIELDS, (field) =>
        typed[field] === old[field] ? theirs[field] : typed[field],
      )
      return [language, merged]
    }),
  )
}

function fieldsOf(text: { readonly [Field in TextField]?: string | null | undefined }) {
  return Object.fromEntries(
    TEXT_FIELDS.flatMap((field) => {
      const value = text[field]?.trim() ?? ''
      return value === '' ? [] : [[field, value]]
    }),
  )
}
