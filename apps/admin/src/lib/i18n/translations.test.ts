import { describe, expect, test } from 'vitest'
import { en } from './en.ts'
import { enSignedIn } from './en-signed-in.ts'
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

// The texts of all features, found by their path so that none is missed.
const bundles = import.meta.glob<{ en?: Tree; es?: Tree }>('../../features/*/texts/{en,es}.ts', {
  eager: true,
})
const features = [...new Set(Object.keys(bundles).map((path) => path.replace(/\/e[ns]\.ts$/, '')))]

test('every feature has its texts in both languages', () => {
  expect(features.length).toBeGreaterThan(3)
  for (const feature of features) {
    expect(bundles[`${feature}/en.ts`]?.en, feature).toBeDefined()
    expect(bundles[`${feature}/es.ts`]?.es, feature).toBeDefined()
  }
})

describe.each([
  ['everywhere', { ...en, app: { ...en.app, ...enSignedIn.app } }, es],
  ...features.map(
    (path) => [path, bundles[`${path}/en.ts`]?.en ?? {}, bundles[`${path}/es.ts`]?.es ?? {}] as const,
  ),
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
