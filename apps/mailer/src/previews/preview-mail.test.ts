import { expect, test } from 'vitest'
import { previewMail } from './preview-mail.ts'

test('the sample number is said to be valid for as long as numbers usually are: ten minutes', () => {
  const { text } = previewMail({ tenantName: 'Acme', mail: {}, locale: 'en' } as never)
  expect(text).toMatch(/\b10 minutes\b/)
})
