import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { NUMBER_MAIL_HTML } from './generated/number-mail-html.ts'
import { renderTemplates } from './source/render.tsx'

test('the generated templates are those of the components; `pnpm templates` renders them', async () => {
  const file = new URL('./generated/number-mail-html.ts', import.meta.url)
  expect(await readFile(file, 'utf8')).toBe(await renderTemplates())
})

test('a template loads nothing and runs nothing beyond what the tenant asked for', () => {
  const { '': bare, logo, link } = NUMBER_MAIL_HTML
  for (const html of Object.values(NUMBER_MAIL_HTML)) expect(html).not.toMatch(/<script|url\(|@import|<link/i)
  expect(bare).not.toMatch(/<a[\s>]|<img|href=|src=/i)
  expect(logo.match(/src="[^"]*"/g)).toEqual(['src="{{logo}}"'])
  expect(link.match(/href="[^"]*"/g)).toEqual(['href="{{link}}"'])
})
