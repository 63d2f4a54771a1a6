import { expect, test } from 'vitest'
import { inScheme } from './in-scheme.ts'

test('dark rules hold in dark, and never in light', () => {
  const html = '<style>@media (prefers-color-scheme: dark) { p { color: #fff } }</style>'
  expect(inScheme(html, 'dark')).toContain('@media all {')
  expect(inScheme(html, 'light')).toContain('@media not all {')
})
