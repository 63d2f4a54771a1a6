import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { isNearEnd, rowPx } from './use-visible-rows.ts'

test('the next page loads when 25 rows are left', () => {
  expect(isNearEnd(74, 100)).toBe(false)
  expect(isNearEnd(75, 100)).toBe(true)
  expect(isNearEnd(0, 0)).toBe(false)
})

test('rows are as high as the stylesheets make them', () => {
  const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
  const tokens = read('../../../../../packages/design/tokens.css')
  const [, wide] = /--app-row-height: ([\d.]+)rem/.exec(tokens) ?? []
  const narrowSheet = read('./data-table.module.css').split('@media (max-width: 47.99em)')[1] ?? ''
  const [, narrow] = /height: ([\d.]+)rem/.exec(narrowSheet) ?? []
  expect([rowPx(false), rowPx(true)]).toEqual([Number(wide) * 16, Number(narrow) * 16])
})
