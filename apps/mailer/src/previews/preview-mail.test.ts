import { expect, test } from 'vitest'
import { previewMail } from './preview-mail.ts'

const request = { tenantName: 'Acme', mail: {}, locale: 'en' }

test('the sample number is as long, and valid for as long, as the request says', () => {
  const usual = previewMail(request)
  expect(usual.subject).toMatch(/^1234 5678 9012 /)
  expect(usual.text).toMatch(/\b10 minutes\b/)
  const bound = previewMail({ ...request, ttlSeconds: 7200, digits: 8 })
  expect(bound.subject).toMatch(/^1234 5678 is/)
  expect(bound.text).toMatch(/\b2 hours\b/)
  expect(bound.html).toMatch(/\b2 hours\b/)
  expect(`${bound.text}${bound.html}`).not.toMatch(/9012|10 minutes/)
  expect(previewMail({ ...request, digits: 17 }).subject).toMatch(/^123 456 789 0123 4567 is/)
})
