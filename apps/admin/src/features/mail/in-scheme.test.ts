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
