import { readdir, readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { inScheme } from './in-scheme.ts'

const html = `<meta name="color-scheme" content="light dark"/>
<style>:root { color-scheme: light dark } @media (prefers-color-scheme: dark) { p { color: #fff } }</style><p>light dark</p>`

test('dark rules hold in dark', () => {
  expect(inScheme(html, 'dark')).toBe(`<meta name="color-scheme" content="dark"/>
<style>:root { color-scheme: dark } @media all { p { color: #fff } }</style><p>light dark</p>`)
})

test('dark rules never hold in light, whatever the system has', () => {
  expect(inScheme(html, 'light')).toBe(`<meta name="color-scheme" content="light"/>
<style>:root { color-scheme: light } @media not all { p { color: #fff } }</style><p>light dark</p>`)
})

test('nothing of the mailer’s own mail follows the system any more', async () => {
  const folder = new URL('../../../../mailer/src/templates/generated/', import.meta.url)
  const files = (await readdir(folder)).filter((name) => /\.(html|ts)$/.test(name))
  const sources = await Promise.all(files.map((name) => readFile(new URL(name, folder), 'utf8')))
  const whole = sources.join('').replaceAll('\\"', '"')
  expect(whole).toMatch(/prefers-color-scheme/)
  for (const scheme of ['light', 'dark'] as const)
    expect(inScheme(whole, scheme)).not.toMatch(/prefers-color-scheme|light dark/)
})
