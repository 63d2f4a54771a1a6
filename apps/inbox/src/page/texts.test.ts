import { readdir, readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'

// Files for the browser, without types of their own here.
const read = (language: string) => import(new URL(`./browser/texts/${language}.js`, import.meta.url).href)
const { en } = (await read('en')) as { en: Record<string, string> }
const { es } = (await read('es')) as { es: Record<string, string> }

const PLURAL = /_(zero|one|two|few|many|other)$/
const folder = new URL('./browser/', import.meta.url)
const bases = (texts: object) => [...new Set(Object.keys(texts).map((key) => key.replace(PLURAL, '')))].sort()
const blanks = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort()

test('both languages have the same texts, with the same blanks, and none is empty', () => {
  expect(bases(es)).toEqual(bases(en))
  for (const [key, text] of Object.entries(es)) {
    expect(text.trim(), key).not.toBe('')
    const original = en[key] ?? en[`${key.replace(PLURAL, '')}_other`]
    expect(blanks(text), key).toEqual(blanks(original ?? ''))
  }
})

test.each([
  ['en', en],
  ['es', es],
])('%s: what counts has every plural form of the language', (language, texts) => {
  const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories
  const counted = new Set(
    Object.keys(texts)
      .filter((key) => PLURAL.test(key))
      .map((key) => key.replace(PLURAL, '')),
  )
  expect(counted.size).toBeGreaterThan(0)
  for (const base of counted) {
    const there = Object.keys(texts).filter((key) => PLURAL.test(key) && key.replace(PLURAL, '') === base)
    expect(there.sort()).toEqual(forms.map((form) => `${base}_${form}`).sort())
  }
})

test('every text that the page names is there, its own words are the English ones, and none is left over', async () => {
  const html = await readFile(new URL('index.html', folder), 'utf8')
  const named = [...html.matchAll(/data-text="(\w+)"[^>]*>([^<]*)</g)]
  const attributes = [
    ...html.matchAll(/(?:aria-label|placeholder)="([^"]*)" data-(?:aria-label|placeholder)="(\w+)"/g),
  ]
  expect(named.length).toBeGreaterThan(10)
  for (const [, key = '', words] of named) expect(en[key], key).toBe(words)
  for (const [, words, key = ''] of attributes) expect(en[key], key).toBe(words)
  const scripts = (await readdir(folder)).filter((name) => name.endsWith('.js'))
  const code = (await Promise.all(scripts.map((name) => readFile(new URL(name, folder), 'utf8')))).join('\n')
  for (const key of bases(en)) expect(code.includes(`'${key}'`) || html.includes(`="${key}"`), key).toBe(true)
})
