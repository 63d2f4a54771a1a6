import { describe, expect, test } from 'vitest'
import { en as eventsEn } from '../../features/events/texts/en.ts'
import { es as eventsEs } from '../../features/events/texts/es.ts'
import { en } from './en.ts'
import { es } from './es.ts'

type Tree = { readonly [key: string]: string | Tree }

const PLURAL = /_(zero|one|two|few|many|other)$/

function flatten(tree: Tree, prefix = ''): [key: string, text: string][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[prefix + key, value]] : flatten(value, `${prefix}${key}.`),
  )
}

const bases = (texts: Map<string, string>) => [
  ...new Set([...texts.keys()].map((key) => key.replace(PLURAL, ''))),
]
const placeholders = (text: string) => [...text.matchAll(/\{\{\s*(\w+)/g)].map(([, name]) => name).sort()

describe.each([
  ['everywhere', en, es],
  ['events', eventsEn, eventsEs],
] as const)('%s', (_where, enTexts: Tree, esTexts: Tree) => {
  const english = new Map(flatten(enTexts))
  const spanish = new Map(flatten(esTexts))

  test('both languages have the same keys', () => {
    expect(bases(spanish).sort()).toEqual(bases(english).sort())
  })

  test.each([
    ['en', english],
    ['es', spanish],
  ] as const)('%s: every counted text has every plural form of the language', (language, texts) => {
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories
    const counted = new Set(
      [...texts.keys()].filter((key) => PLURAL.test(key)).map((key) => key.replace(PLURAL, '')),
    )
    expect(counted.size).toBeGreaterThan(0)
    for (const base of counted) {
      const there = [...texts.keys()].filter((key) => key.replace(PLURAL, '') === base && key !== base)
      expect(there.sort()).toEqual(forms.map((form) => `${base}_${form}`).sort())
    }
  })

  test('no text is empty, and a translation fills the same blanks', () => {
    for (const [key, text] of spanish) {
      expect(text.trim(), key).not.toBe('')
      const original = english.get(key) ?? english.get(key.replace(/_many$/, '_other'))
      expect(placeholders(text), key).toEqual(placeholders(original ?? ''))
    }
  })
})
