import { expect, test } from 'vitest'
import { readView, writeView } from './view.ts'

test.each([
  ['', { state: 'SENT' }],
  ['tenant=demo&state=BOUNCED', { tenantId: 'demo', state: 'BOUNCED' }],
  ['tenant=%7B*%7D&state=lost', { state: 'SENT' }],
  [`tenant=${'a'.repeat(41)}`, { state: 'SENT' }],
] as const)('%s is read as %j', (text, view) => {
  expect(readView(new URLSearchParams(text))).toEqual(view)
  expect(readView(writeView(view))).toEqual(view)
})
